import * as z from 'zod/mini';
import { familyOf } from '../case/address.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import { complaintOf } from './complaint.ts';
import type { ContainmentRequest, NamedInstance } from './containment-request.ts';
import { accountIdSchema, instanceIdSchema, momentSchema, regionSchema } from './schema.ts';

/**
 * The few fields of a GuardDuty finding that decide something; everything else is let pass
 * (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html).
 * Fields are missing in real findings: of stopped instances, of attack sequences, of old detectors.
 */
const tagSchema = z.object({ key: z.string(), value: z.optional(z.nullable(z.string())) });

const instanceDetailsSchema = z.object({
  instanceId: z.optional(z.nullable(z.string())),
  tags: z.optional(z.nullable(z.array(tagSchema))),
});

const sequenceResourceSchema = z.object({
  uid: z.optional(z.string()),
  resourceType: z.optional(z.string()),
  accountId: z.optional(z.nullable(z.string())),
  region: z.optional(z.nullable(z.string())),
});

const findingSchema = z.object({
  id: z.string().check(z.minLength(1)),
  type: z.string().check(z.minLength(1)),
  severity: z.number().check(z.minimum(0), z.maximum(10)),
  accountId: accountIdSchema,
  region: regionSchema,
  title: z.optional(z.nullable(z.string())),
  updatedAt: z.optional(z.nullable(momentSchema)),
  resource: z.optional(
    z.nullable(
      z.object({
        resourceType: z.optional(z.nullable(z.string())),
        instanceDetails: z.optional(z.nullable(instanceDetailsSchema)),
      }),
    ),
  ),
  service: z.optional(
    z.nullable(
      z.object({
        archived: z.optional(z.nullable(z.union([z.boolean(), z.string()]))),
        resourceRole: z.optional(z.nullable(z.string())),
        eventLastSeen: z.optional(z.nullable(momentSchema)),
        additionalInfo: z.optional(z.unknown()),
        action: z.optional(z.unknown()),
        detection: z.optional(
          z.nullable(
            z.object({
              sequence: z.optional(
                z.nullable(
                  z.object({ resources: z.optional(z.nullable(z.array(sequenceResourceSchema))) }),
                ),
              ),
            }),
          ),
        ),
      }),
    ),
  ),
});

export const guarddutyEventSchema = z.object({
  source: z.literal('aws.guardduty'),
  'detail-type': z.literal('GuardDuty Finding'),
  time: z.optional(momentSchema),
  detail: findingSchema,
});

type Finding = z.infer<typeof findingSchema>;

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

/** Every `ipAddressV4` and `ipAddressV6` under a `remoteIpDetails`, wherever the action has it. */
const remoteAddressesIn = (value: unknown, remote = false): readonly string[] => {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) => {
    if (remote && (key === 'ipAddressV4' || key === 'ipAddressV6') && typeof one === 'string') {
      return familyOf(one) === undefined ? [] : [one];
    }
    return remoteAddressesIn(one, remote || key === 'remoteIpDetails');
  });
};

const remoteAddressesOf = (finding: Finding): { remoteAddresses?: readonly string[] } => {
  const found = [...new Set(remoteAddressesIn(finding.service?.action))];
  return found.length === 0 ? {} : { remoteAddresses: found.slice(0, mostRemoteAddresses) };
};

const isArchived = (finding: Finding): boolean =>
  String(finding.service?.archived ?? false).toLowerCase() === 'true';

/** Only findings about an EC2 instance carry details of one that are about the finding. */
const instanceResources = new Set(['Instance', 'EKSCluster', 'ECSCluster', 'Container']);

const instanceInUid = /\bi-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/;

/** Instances of an attack sequence: their ids stand in the `uid`, plain or inside an ARN. */
const sequenceInstances = (finding: Finding): readonly NamedInstance[] => {
  const resources = finding.service?.detection?.sequence?.resources ?? [];
  const found = new Map<string, NamedInstance>();
  for (const { uid, resourceType, accountId, region } of resources) {
    const instanceId = instanceInUid.exec(uid ?? '')?.[0];
    if (instanceId === undefined || resourceType !== 'EC2_INSTANCE') continue;
    found.set(instanceId, {
      instanceId,
      accountId: accountId ?? finding.accountId,
      region: region ?? finding.region,
      tags: {},
    });
  }
  return [...found.values()];
};

const namedInstances = (finding: Finding): readonly NamedInstance[] => {
  const details = finding.resource?.instanceDetails;
  const resourceType = finding.resource?.resourceType ?? 'Instance';
  if (typeof details?.instanceId !== 'string' || !instanceResources.has(resourceType)) {
    return sequenceInstances(finding);
  }
  if (isSample(finding)) return [];
  const instanceId = instanceIdSchema.safeParse(details.instanceId);
  if (!instanceId.success) {
    throw new UnintelligibleEventError(
      `The GuardDuty finding ${finding.id} names "${details.instanceId.slice(0, 80)}": ${instanceId.error.issues[0]?.message ?? 'no instance id'}.`,
    );
  }
  const tags = (details.tags ?? []).map(({ key, value }) => [key, value ?? '']);
  return [
    {
      instanceId: instanceId.data,
      accountId: finding.accountId,
      region: finding.region,
      tags: Object.fromEntries(tags),
    },
  ];
};

/**
 * A GuardDuty finding in its EventBridge envelope. A finding that is about no instance is
 * understood, with no instances.
 *
 * @throws UnintelligibleEventError when a field that decides something is missing or malformed.
 */
export const parseGuarddutyEvent = (event: unknown, now: Date): ContainmentRequest => {
  const parsed = guarddutyEventSchema.safeParse(event);
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The GuardDuty finding cannot be read (${complaintOf(parsed.error)}).`,
    );
  }
  const { detail, time } = parsed.data;
  return {
    trigger: {
      source: 'guardduty',
      id: detail.id,
      type: detail.type,
      severity: detail.severity,
      at: detail.service?.eventLastSeen ?? detail.updatedAt ?? time ?? now.toISOString(),
      ...remoteAddressesOf(detail),
    },
    subject: {
      source: 'guardduty',
      type: detail.type,
      severity: detail.severity,
      sample: isSample(detail),
      archived: isArchived(detail),
      ...(typeof detail.service?.resourceRole === 'string'
        ? { resourceRole: detail.service.resourceRole }
        : {}),
    },
    instances: namedInstances(detail),
    dryRun: false,
  };
};
