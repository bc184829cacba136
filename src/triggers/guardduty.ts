import * as z from 'zod/mini';
import { familyOf } from '../case/address.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import { quoted } from '../case/quoted.ts';
import { complaintOf } from './complaint.ts';
import type { ContainmentRequest, NamedInstance } from './containment-request.ts';
import { accountIdSchema, instanceIdSchema, momentSchema, regionSchema } from './schema.ts';

/**
 * The few fields of a GuardDuty finding that decide something; everything else is let pass
 * (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html).
 * Fields are missing in real findings: of stopped instances, of attack sequences, of old detectors.
 */
/** A field that decides nothing by its absence: what is of another kind counts as absent. */
const lenient = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.catch(z.optional(z.nullable(schema)), undefined as never);

const tagSchema = z.object({ key: z.string(), value: lenient(z.string()) });

const instanceDetailsSchema = z.object({
  instanceId: z.optional(z.nullable(z.string())),
  tags: lenient(z.array(z.catch(z.nullable(tagSchema), null))),
});

const sequenceResourceSchema = z.object({
  uid: lenient(z.string()),
  resourceType: lenient(z.string()),
  accountId: lenient(z.string()),
  region: lenient(z.string()),
});

const findingSchema = z.object({
  id: z.string().check(z.minLength(1)),
  type: z.string().check(z.minLength(1)),
  severity: z.number().check(z.minimum(0), z.maximum(10)),
  accountId: accountIdSchema,
  region: regionSchema,
  title: lenient(z.string()),
  updatedAt: lenient(momentSchema),
  resource: z.optional(
    z.nullable(
      z.object({
        resourceType: lenient(z.string()),
        instanceDetails: z.optional(z.nullable(instanceDetailsSchema)),
      }),
    ),
  ),
  service: z.optional(
    z.nullable(
      z.object({
        archived: lenient(z.union([z.boolean(), z.string()])),
        resourceRole: lenient(z.string()),
        eventLastSeen: lenient(momentSchema),
        additionalInfo: z.optional(z.unknown()),
        action: z.optional(z.unknown()),
        detection: lenient(
          z.object({
            sequence: lenient(
              z.object({
                resources: lenient(z.array(z.catch(z.nullable(sequenceResourceSchema), null))),
              }),
            ),
          }),
        ),
      }),
    ),
  ),
});

export const guarddutyEventSchema = z.object({
  source: z.literal('aws.guardduty'),
  'detail-type': z.literal('GuardDuty Finding'),
  time: lenient(momentSchema),
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

/** Only findings about an EC2 instance carry details of one that are about the finding. */
const instanceResources = new Set(['Instance', 'EKSCluster', 'ECSCluster', 'Container']);

const instanceInUid = /\bi-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/;

/** Instances of an attack sequence: their ids stand in the `uid`, plain or inside an ARN. */
const sequenceInstances = (finding: Finding): readonly NamedInstance[] => {
  const resources = finding.service?.detection?.sequence?.resources ?? [];
  const found = new Map<string, NamedInstance>();
  for (const resource of resources) {
    const { uid, resourceType, accountId, region } = resource ?? {};
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
  const instanceId = instanceIdSchema.safeParse(details.instanceId);
  if (!instanceId.success) {
    // AWS invents ids for samples.
    if (isSample(finding)) return [];
    throw new UnintelligibleEventError(
      `The GuardDuty finding ${quoted(finding.id, 80)} names ${quoted(details.instanceId, 80)}: ${instanceId.error.issues[0]?.message ?? 'no instance id'}.`,
    );
  }
  const tags = (details.tags ?? []).flatMap((tag) =>
    tag === null ? [] : [[tag.key, tag.value ?? '']],
  );
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
  const parsed = guarddutyEventSchema.safeParse(event, { reportInput: true });
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
