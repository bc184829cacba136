import * as z from 'zod/mini';
import {
  accountIdSchema,
  filled,
  lenient,
  lenientList,
  lenientOwn,
  momentSchema,
  regionSchema,
  severitySchema,
} from '../schema.ts';

/**
 * The few fields of a GuardDuty finding that decide something; everything else is let pass
 * (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html).
 */
const tagSchema = z.object({ key: z.string(), value: lenient(z.string()) });

const instanceDetailsSchema = z.object({
  instanceId: lenient(z.string()),
  tags: lenientList(tagSchema),
});

const sequenceResourceSchema = z.object({
  uid: lenient(z.string()),
  name: lenient(z.string()),
  resourceType: lenient(z.string()),
  accountId: lenientOwn(accountIdSchema),
  region: lenientOwn(regionSchema),
  tags: lenientList(tagSchema),
  // One member, named after the kind of resource; groups list their instances in it
  // (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_ResourceData.html).
  data: lenient(
    z.record(
      z.string(),
      z.catch(z.nullable(z.object({ ec2InstanceUids: lenientList(z.string()) })), null),
    ),
  ),
});

const resourceSchema = z.object({
  resourceType: lenient(z.string()),
  instanceDetails: lenient(instanceDetailsSchema),
  // Volumes in which malware was found
  // (https://docs.aws.amazon.com/guardduty/latest/APIReference/API_EbsVolumeDetails.html).
  ebsVolumeDetails: lenient(
    z.object({ scannedVolumeDetails: lenientList(z.object({ volumeArn: lenient(z.string()) })) }),
  ),
  accessKeyDetails: lenient(z.object({ principalId: lenient(z.string()) })),
});

const actorSchema = z.object({
  id: lenient(z.string()),
  user: lenient(z.object({ uid: lenient(z.string()) })),
  session: lenient(z.object({ issuer: lenient(z.string()) })),
});

const signalSchema = z.object({
  type: lenient(z.string()),
  name: lenient(z.string()),
  actorIds: lenient(z.array(z.string())),
});

const sequenceSchema = z.object({
  resources: lenientList(sequenceResourceSchema),
  actors: lenientList(actorSchema),
  signals: lenientList(signalSchema),
});

/** The one kind of action of which more than the addresses is read. */
export const apiCallActionSchema = z.object({
  awsApiCallAction: lenient(z.object({ api: lenient(z.string()) })),
});

const serviceSchema = z.object({
  archived: lenient(z.union([z.boolean(), z.string()])),
  resourceRole: lenient(z.string()),
  eventFirstSeen: lenient(momentSchema),
  eventLastSeen: lenient(momentSchema),
  additionalInfo: z.optional(z.unknown()),
  action: z.optional(z.unknown()),
  detection: lenient(z.object({ sequence: lenient(sequenceSchema) })),
});

export const findingSchema = z.object({
  id: lenient(filled),
  type: lenient(filled),
  severity: lenient(severitySchema),
  accountId: lenientOwn(accountIdSchema),
  region: lenientOwn(regionSchema),
  title: lenient(z.string()),
  updatedAt: lenient(momentSchema),
  resource: lenient(resourceSchema),
  service: lenient(serviceSchema),
});

export const guarddutyEventSchema = z.object({
  source: z.literal('aws.guardduty'),
  'detail-type': z.literal('GuardDuty Finding'),
  time: lenient(momentSchema),
  account: lenient(accountIdSchema),
  region: lenient(regionSchema),
  detail: findingSchema,
});

/** A finding as far as it could be read. */
export type Finding = z.infer<typeof findingSchema>;
