import { defined } from '../../case/defined.ts';
import { UnintelligibleEventError } from '../../case/errors.ts';
import { complaintOf } from '../complaint.ts';
import type { ContainmentRequest, NamedVolumes } from '../containment-request.ts';
import { plausibleBeginning, plausibleMoment } from '../schema.ts';
import { activityOf } from './activity.ts';
import { isExfiltrationType } from './host-types.ts';
import { commonCauseOf, instancesOf, lacksInstance } from './instances.ts';
import { remoteAddressesOf } from './remote-addresses.ts';
import { reportedCalls } from './reported-calls.ts';
import { isSample } from './sample.ts';
import type { Finding } from './schema.ts';
import { guarddutyEventSchema } from './schema.ts';
import { isOfContainers, unreadInstance } from './unread-instance.ts';

const isArchived = (finding: Finding): boolean =>
  String(finding.service?.archived ?? false).toLowerCase() === 'true';

/** The volumes that a finding names; undefined where it names none. */
const volumesOf = (finding: Finding): NamedVolumes | undefined => {
  const arns = (finding.resource?.ebsVolumeDetails?.scannedVolumeDetails ?? []).flatMap(
    (one) => one?.volumeArn ?? [],
  );
  return arns.length === 0 ? undefined : { arns, ofContainers: isOfContainers(finding) };
};

const subjectOf = (finding: Finding): ContainmentRequest['subject'] => ({
  source: 'guardduty',
  type: finding.type ?? 'unknown',
  severity: finding.severity ?? null,
  sample: isSample(finding),
  archived: isArchived(finding),
  ...defined({
    resourceRole: finding.service?.resourceRole ?? undefined,
    exfiltration: isExfiltrationType(finding.type ?? '') || undefined,
  }),
});

const triggerOf = (
  finding: Finding,
  sentAt: string | null | undefined,
  now: Date,
): ContainmentRequest['trigger'] => {
  const at = plausibleMoment([finding.service?.eventLastSeen, finding.updatedAt, sentAt], now);
  return {
    source: 'guardduty',
    id: finding.id ?? 'unknown',
    type: finding.type ?? 'unknown',
    severity: finding.severity ?? null,
    at,
    ...defined({
      since: plausibleBeginning(finding.service?.eventFirstSeen, at),
      remoteAddresses: remoteAddressesOf(finding),
      commonCause: commonCauseOf(finding),
      activity: activityOf(finding),
    }),
  };
};

/**
 * A GuardDuty finding in its EventBridge envelope. A finding that is about no instance is
 * understood, with no instances; one about an instance that it does not name so that it can be read
 * says so in `unread`.
 *
 * @throws UnintelligibleEventError when neither a type nor an instance can be read.
 */
export const parseGuarddutyEvent = (event: unknown, now: Date): ContainmentRequest => {
  const parsed = guarddutyEventSchema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The GuardDuty finding cannot be read (${complaintOf(parsed.error)}).`,
    );
  }
  const { detail, time, account, region } = parsed.data;
  const instances = instancesOf(detail, { account, region });
  if (typeof detail.type !== 'string' && instances.length === 0) {
    throw new UnintelligibleEventError(
      'The GuardDuty finding cannot be read (detail.type: missing; accepted is a finding type).',
    );
  }
  const unread = lacksInstance(detail, instances)
    ? unreadInstance(detail, (event as { readonly detail: unknown }).detail)
    : undefined;
  const calls = reportedCalls(detail);
  const volumes = unread === undefined || instances.length > 0 ? undefined : volumesOf(detail);
  return {
    trigger: triggerOf(detail, time, now),
    subject: subjectOf(detail),
    instances,
    ...defined({ unread, calls, volumes }),
    dryRun: false,
  };
};
