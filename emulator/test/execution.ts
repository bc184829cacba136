import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { eventually } from './fixture.ts';

const ROLE_ARN = 'arn:aws:iam::123456789012:role/machine';

/** Makes a state machine; gives its ARN. */
export const createMachine = async (
  sfn: SFNClient,
  definition: object,
  name = 'machine',
): Promise<string> => {
  const { stateMachineArn } = await sfn.send(
    new CreateStateMachineCommand({
      name,
      definition: JSON.stringify(definition),
      roleArn: ROLE_ARN,
    }),
  );
  return stateMachineArn ?? '';
};

/** Waits for the end of an execution. */
export const ended = (sfn: SFNClient, executionArn: string) =>
  eventually<DescribeExecutionCommandOutput>(async () => {
    const execution = await sfn.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === 'RUNNING' ? undefined : execution;
  });

/** Runs a definition with an input to its end. */
export const runDefinition = async (sfn: SFNClient, definition: object, input: unknown = {}) => {
  const stateMachineArn = await createMachine(sfn, definition, `m-${crypto.randomUUID()}`);
  const { executionArn } = await sfn.send(
    new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
  );
  return ended(sfn, executionArn ?? '');
};
