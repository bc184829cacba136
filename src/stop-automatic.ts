import { PublishCommand } from '@aws-sdk/client-sns';
import type { Deps } from './aws/clients.ts';
import { asCordonError, inWords } from './aws/errors.ts';
import { readStack } from './aws/stack.ts';
import { endStop, writeStop } from './aws/stop-switch.ts';
import { defined } from './case/defined.ts';
import { InvalidSettingsError } from './case/errors.ts';
import type { Stop } from './case/stop-switch.ts';
import { longestStopHours, stopFrom, stopParameterOf } from './case/stop-switch.ts';
import type { StopNews, Switched } from './notify/stop-message.ts';
import { stopMessage } from './notify/stop-message.ts';

export type SwitchDeps = Pick<Deps<'ssm' | 'sns' | 'cloudFormation'>, 'clients' | 'clock'>;

/** Why nobody else knows, where that is so. */
interface Told {
  readonly untold?: string;
}

/**
 * The topic of the stack. A name that no stack has is refused: its switch would stop nothing. What
 * else keeps the stack from being read does not keep anybody from stopping it.
 */
const topicOf = async (
  deps: SwitchDeps,
  stackName: string,
): Promise<{ arn?: string; why?: string }> => {
  try {
    const { NotificationTopicArn } = await readStack(deps, stackName);
    if (NotificationTopicArn !== undefined) return { arn: NotificationTopicArn };
    return { why: `the stack ${stackName} has no output NotificationTopicArn` };
  } catch (error) {
    if (error instanceof InvalidSettingsError) throw error;
    return { why: inWords(error) };
  }
};

/** Tells the topic at once. @returns why it could not, or undefined. */
const tell = async (
  { clients }: SwitchDeps,
  topic: { readonly arn?: string; readonly why?: string },
  news: StopNews,
  place: Switched,
): Promise<string | undefined> => {
  if (topic.arn === undefined) return topic.why;
  try {
    await clients.sns.send(
      new PublishCommand({ TopicArn: topic.arn, ...stopMessage(news, place) }),
    );
    return undefined;
  } catch (error) {
    return inWords(error);
  }
};

/**
 * Stops everything automatic of a stack for some hours, and tells its topic.
 *
 * @throws InvalidSettingsError for a time that is none, or a stack that is not there.
 * @throws AwsDeniedError, AwsUnavailableError and their kin when the switch could not be written.
 */
export const stopAutomatic = async (
  deps: SwitchDeps,
  place: Switched,
  request: { readonly hours: number; readonly who: string; readonly reason: string },
): Promise<Told & { readonly stop: Stop }> => {
  const { hours, who, reason } = request;
  if (!(hours > 0 && hours <= longestStopHours)) {
    throw new InvalidSettingsError(
      `A stop of ${hours} hours is not accepted: name more than 0 and at most ${longestStopHours}.`,
    );
  }
  const topic = await topicOf(deps, place.stackName);
  const stop = stopFrom(deps.clock.now(), hours, { who, reason });
  await writeStop(deps, stopParameterOf(place.stackName), stop).catch((error: unknown) => {
    throw asCordonError(error, 'Writing the stop switch');
  });
  const untold = await tell(deps, topic, { kind: 'stopped', stop }, place);
  return { stop, ...defined({ untold }) };
};

/**
 * Ends the stop of a stack, and tells its topic. Nobody is told where nothing was stopped.
 *
 * @throws what stopAutomatic throws.
 */
export const startAutomatic = async (
  deps: SwitchDeps,
  place: Switched,
  request: { readonly who: string; readonly reason: string },
): Promise<Told & { readonly ended: boolean }> => {
  const topic = await topicOf(deps, place.stackName);
  const ended = await endStop(deps, stopParameterOf(place.stackName)).catch((error: unknown) => {
    throw asCordonError(error, 'Ending the stop');
  });
  if (!ended) return { ended };
  const untold = await tell(deps, topic, { kind: 'started', ...request }, place);
  return { ended, ...defined({ untold }) };
};
