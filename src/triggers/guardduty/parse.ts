import { familyOf } from '../../case/address.ts';
import { defined } from '../../case/defined.ts';
import { UnintelligibleEventError } from '../../case/errors.ts';
import { complaintOf } from '../complaint.ts';
import type { ContainmentRequest, NamedInstance } from '../containment-request.ts';
import { instanceIdSchema } from '../schema.ts';
import { reportedCalls } from './reported-calls.ts';
import type { Finding } from './schema.ts';
import { guarddutyEventSchema } from './schema.ts';
import {
  instanceResources,
  isAboutHosts,
  isUnknownResource,
  unreadInstance,
} from './unread-instance.ts';

/** `sample` stands in additionalInfo, or in JSON inside additionalInfo.value, or in the title. */
const isSample = (finding: Finding): boolean => {
  const info = finding.service?.additionalInfo;
  if (finding.title?.trimStart().startsWith('[SAMPLE]') === true) return true;
  if (typeof info !== 'object' || info === null) return false;
  if ('sample' in info && (info.sample === true || info.sample === 'true')) return true;
  if (!('value' in info) || typeof info.value !== 'string') return false;
  try {
    const value: unknown = JSON.parse(info.value);
    return typeof value === 'object' && value !== null && 'sample' in value
      ? value.sample === true || value.sample === 'true'
      : false;
  } catch {
    return false;
  }
};

/** A report carries a few addresses, not the thousands of a port scan. */
const mostRemoteAddresses = 20;

/** Actions are four objects deep; what is deeper is no action of GuardDuty's. */
const deepestAction = 8;

/** Every `ipAddressV4` and `ipAddressV6` under a `remoteIpDetails`, wherever the action has it. */
const remoteAddressesIn = (value: unknown, remote = false, depth = 0): readonly string[] => {
  if (typeof value !== 'object' || value === null || depth > deepestAction) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    if (remote && (key === 'ipAddressV4' || key === 'ipAddressV6') && typeof one === 'string') {
      return familyOf(one) === undefined ? [] : [one];
    }
    return remoteAddressesIn(one, remote || key === 'remoteIpDetails', depth + 1);
  });
};

const remoteAddressesOf = (finding: Finding): { remoteAddresses?: readonly string[] } => {
  const found = [...new Set(remoteAddressesIn(finding.service?.action))];
  return found.length === 0 ? {} : { remoteAddresses: found.slice(0, mostRemoteAddresses) };
};

const isArchived = (finding: Finding): boolean =>
  String(finding.service?.archived ?? false).toLowerCase() === 'true';

const instanceInUid = /\bi-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/;

/** Where the finding says that its resource is, as far as that can be read. */
const placeOf = (
  place: {
    readonly accountId?: string | null | undefined;
    readonly region?: string | null | undefined;
  },
  finding: Finding,
): Pick<NamedInstance, 'accountId' | 'region'> => {
  const accountId = place.accountId ?? finding.accountId ?? undefined;
  const region = place.region ?? finding.region ?? undefined;
  return {
    ...defined({ accountId, region }),
  };
};

/** Instances of an attack sequence: their ids stand in the `uid`, plain or inside an ARN. */
const sequenceInstances = (finding: Finding): readonly NamedInstance[] => {
  const resources = finding.service?.detection?.sequence?.resources ?? [];
  const found = new Map<string, NamedInstance>();
  for (const resource of resources) {
    const instanceId = instanceInUid.exec(resource?.uid ?? '')?.[0];
    if (instanceId === undefined || resource?.resourceType !== 'EC2_INSTANCE') continue;
    found.set(instanceId, { instanceId, ...placeOf(resource, finding), tags: {} });
  }
  return [...found.values()];
};

/** Details of an instance are about the finding only where its resource, or its type, is a host. */
const hasOwnInstance = (finding: Finding): boolean =>
  instanceResources.has(finding.resource?.resourceType ?? 'Instance') ||
  (isUnknownResource(finding) && isAboutHosts(finding));

const namedInstances = (finding: Finding): readonly NamedInstance[] => {
  const details = finding.resource?.instanceDetails;
  const instanceId = instanceIdSchema.safeParse(details?.instanceId);
  if (!hasOwnInstance(finding) || !instanceId.success) return sequenceInstances(finding);
  const tags = (details?.tags ?? []).flatMap((tag) =>
    tag === null ? [] : [[tag.key, tag.value ?? '']],
  );
  return [{ instanceId: instanceId.data, ...placeOf({}, finding), tags: Object.fromEntries(tags) }];
};

/** Instances of the sequence whose `uid` says nothing. */
const lacksInstance = (finding: Finding, instances: readonly NamedInstance[]): boolean => {
  const wanted = (finding.service?.detection?.sequence?.resources ?? []).filter(
    (one) => one?.resourceType === 'EC2_INSTANCE',
  );
  return instances.length === 0 || wanted.some((one) => !instanceInUid.test(one?.uid ?? ''));
};

const subjectOf = (finding: Finding): ContainmentRequest['subject'] => ({
  source: 'guardduty',
  type: finding.type ?? 'unknown',
  severity: finding.severity ?? null,
  sample: isSample(finding),
  archived: isArchived(finding),
  ...(typeof finding.service?.resourceRole === 'string'
    ? { resourceRole: finding.service.resourceRole }
    : {}),
});

const triggerOf = (
  finding: Finding,
  sentAt: string | null | undefined,
  now: Date,
): ContainmentRequest['trigger'] => ({
  source: 'guardduty',
  id: finding.id ?? 'unknown',
  type: finding.type ?? 'unknown',
  severity: finding.severity ?? null,
  at: finding.service?.eventLastSeen ?? finding.updatedAt ?? sentAt ?? now.toISOString(),
  ...remoteAddressesOf(finding),
});

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
  const { detail, time } = parsed.data;
  const instances = namedInstances(detail);
  if (typeof detail.type !== 'string' && instances.length === 0) {
    throw new UnintelligibleEventError(
      'The GuardDuty finding cannot be read (detail.type: missing; accepted is a finding type).',
    );
  }
  const unread = lacksInstance(detail, instances)
    ? unreadInstance(detail, (event as { readonly detail: unknown }).detail)
    : undefined;
  const calls = reportedCalls(detail);
  return {
    trigger: triggerOf(detail, time, now),
    subject: subjectOf(detail),
    instances,
    ...defined({ unread, calls }),
    dryRun: false,
  };
};
