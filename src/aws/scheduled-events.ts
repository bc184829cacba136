import type { EC2Client } from '@aws-sdk/client-ec2';
import { DescribeInstanceStatusCommand } from '@aws-sdk/client-ec2';
import type { ScheduledEvent } from '../case/risks/scheduled-events.ts';

export const scheduledEventPermissions = ['ec2:DescribeInstanceStatus'] as const;

/** EC2 leaves events that are over in the answer, and marks them in their description. */
const isOver = (description: string): boolean => /^\[(?:completed|canceled)\]/i.test(description);

/**
 * What AWS has scheduled for an instance: retirement, reboots, stops
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_scheduled_events.html).
 *
 * @throws what EC2 answers when the status cannot be read.
 */
export const readScheduledEvents = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<readonly ScheduledEvent[]> => {
  const { InstanceStatuses = [] } = await ec2.send(
    // Without it EC2 answers for running instances only.
    new DescribeInstanceStatusCommand({ InstanceIds: [instanceId], IncludeAllInstances: true }),
  );
  return InstanceStatuses.flatMap(({ Events = [] }) => Events)
    .filter(({ Description = '' }) => !isOver(Description))
    .map(({ Code, NotBefore }) => ({
      code: Code ?? 'unknown',
      ...(NotBefore === undefined ? {} : { notBefore: new Date(NotBefore).toISOString() }),
    }));
};
