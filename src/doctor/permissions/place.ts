import { UncheckedError } from '../../case/errors.ts';
import { partitionOf } from '../../case/partition.ts';
import { stopParameterOf } from '../../case/stop-switch.ts';
import type { Examination } from '../examination.ts';
import type { StackNow } from '../stack-now.ts';
import { outputOf } from '../stack-now.ts';

/** What the ARNs of resources are made of. */
export interface Place {
  readonly partition: string;
  readonly region: string;
  readonly accountId: string;
  readonly stack: StackNow;
  readonly stopParameter: string;
}

export const placeOf = async (examination: Examination): Promise<Place> => {
  const { region, stackName } = examination;
  const [stack, { accountId }] = await Promise.all([examination.stack, examination.caller]);
  const partition = partitionOf(region);
  if (partition === undefined)
    throw new UncheckedError(`${region} is in no partition that is known`);
  return { partition, region, accountId, stack, stopParameter: stopParameterOf(stackName) };
};

/** `arn:<partition>:<service>:<region>:<account>:<resource>` */
export const arnIn = (
  { partition, region, accountId }: Place,
  service: string,
  resource: string,
): string => `arn:${partition}:${service}:${region}:${accountId}:${resource}`;

/** The ARN of the queue that an address of SQS names. */
export const queueArn = (place: Place): string =>
  arnIn(place, 'sqs', outputOf(place.stack, 'DeadLetterQueueUrl').split('/').at(-1) ?? '');
