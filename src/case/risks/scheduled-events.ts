import type { ResidualRisk } from '../risk.ts';

/** Something that AWS will do to the instance by itself. */
export interface ScheduledEvent {
  /** As EC2 names it: `instance-retirement`, `instance-stop`, `system-reboot`, … */
  readonly code: string;
  /** Not before this moment, ISO 8601. */
  readonly notBefore?: string;
}

/** What each event does to the evidence; protections hold none of them back. */
const consequences: Readonly<Record<string, string>> = {
  'instance-retirement':
    'AWS retires the host: an instance with an EBS root is stopped, one with an instance store root is terminated',
  'instance-stop': 'AWS stops the instance',
  'instance-reboot': 'AWS reboots the instance',
  'system-reboot': 'AWS reboots the host of the instance',
  'system-maintenance': 'AWS maintains the host, which may lose power or network meanwhile',
};

/**
 * Termination and stop protection do not keep AWS from what it has scheduled
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html).
 */
export const scheduledEventRisks = (events: readonly ScheduledEvent[]): readonly ResidualRisk[] =>
  events.map(({ code, notBefore }) => ({
    risk: 'scheduled-event',
    explanation: `${consequences[code] ?? `AWS has scheduled "${code}"`}${notBefore === undefined ? '' : `, not before ${notBefore}`}. Its memory is lost then, whatever protections are on.`,
    remedy: 'Save the memory before that time; the snapshots do not depend on it.',
  }));

export const scheduledEventsUnread = (why: string): ResidualRisk => ({
  risk: 'scheduled-events-unread',
  explanation: `It could not be read whether AWS has scheduled a stop, reboot or retirement of the instance (${why}).`,
  remedy: 'Look at the scheduled events of the instance in the EC2 console.',
});
