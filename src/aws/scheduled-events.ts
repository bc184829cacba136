import type { EC2Client, InstanceStatusEvent } from '@aws-sdk/client-ec2';
import { DescribeInstanceStatusCommand } from '@aws-sdk/client-ec2';
import type { ScheduledEvent } from '../case/risks/scheduled-events.ts';

export const scheduledEventPermissions = ['ec2:DescribeInstanceStatus'] as const;

/** EC2 leaves events that are over in the answer, and marks them in their description. */
const isOver = (description: string): boolean => /^\[(?:completed|canceled)\]/i.test(description);

const toEvent = ({ Code, NotBefore }: InstanceStatusEvent): ScheduledEvent => ({
  code: Code ?? 'unknown',
  ...(NotBefore === undefined ? {} : { notBefore: new Date(NotBefore).toISOString() }),
});

/** DescribeInstanceStatus takes so many ids at once, and has no filter for them. */
export const idsPerStatus = 100;

/**
 * What AWS has scheduled for instances: retirement, reboots, stops; by instance, at most a hundred
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_scheduled_events.html).
 *
 * @throws what EC2 answers when the status cannot be read, of one that is gone for all of them.
 */
export const readScheduledEventsOf = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly ScheduledEvent[]>> => {
  const { InstanceStatuses = [] } = await ec2.send(
    // Without it EC2 answers for running instances only.
    new DescribeInstanceStatusCommand({
      InstanceIds: [...instanceIds],
      IncludeAllInstances: true,
    }),
  );
  const byInstance = new Map<string, readonly ScheduledEvent[]>(instanceIds.map((id) => [id, []]));
  for (const { InstanceId = '', Events = [] } of InstanceStatuses) {
    byInstance.set(
      InstanceId,
      Events.filter(({ Description = '' }) => !isOver(Description)).map(toEvent),
    );
  }
  return byInstance;
};

/** The same of one instance. */
export const readScheduledEvents = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<readonly ScheduledEvent[]> =>
  [...(await readScheduledEventsOf(ec2, [instanceId])).values()].flat();
