import type { SFNClient } from '@aws-sdk/client-sfn';
import { SendTaskSuccessCommand } from '@aws-sdk/client-sfn';

export const answerPermissions = ['states:SendTaskSuccess'] as const;

/** What the machine that asks understands; `superseded`: there is nothing left to ask. */
export interface Answer {
  readonly answer: 'approve' | 'refuse' | 'superseded';
  readonly by: string;
  readonly reason?: string;
}

/**
 * Answers the question that waits under a token
 * (https://docs.aws.amazon.com/step-functions/latest/dg/connect-to-resource.html#connect-wait-token).
 *
 * @throws TaskTimedOut, TaskDoesNotExist, InvalidToken of Step Functions where nothing waits any more.
 */
export const sendAnswer = async (
  stepFunctions: SFNClient,
  token: string,
  answer: Answer,
): Promise<void> => {
  await stepFunctions.send(
    new SendTaskSuccessCommand({ taskToken: token, output: JSON.stringify(answer) }),
  );
};
