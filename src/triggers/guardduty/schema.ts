import * as z from 'zod/mini';
import { accountIdSchema, momentSchema, regionSchema } from '../schema.ts';

/**
 * The few fields of a GuardDuty finding that decide something; everything else is let pass
 * (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html). Fields are
 * missing in real findings (of stopped instances, of attack sequences, of old detectors), and a
 * malformed one must not cost what can be read: it counts as absent.
 */
const lenient = <Schema extends z.ZodMiniType>(schema: Schema) =>
  z.catch(z.optional(z.nullable(schema)), undefined as never);

const filled = z.string().check(z.minLength(1));

/** A number, also where somebody has written it as text. */
const severitySchema = z.pipe(
  z.pipe(
    z.union([z.number(), z.string().check(z.regex(/^\d+(?:\.\d+)?$/))]),
    z.transform((value: number | string) => Number(value)),
  ),
  z.number().check(z.minimum(0), z.maximum(10)),
);

const tagSchema = z.object({ key: z.string(), value: lenient(z.string()) });

const instanceDetailsSchema = z.object({
  instanceId: lenient(z.string()),
  tags: lenient(z.array(z.catch(z.nullable(tagSchema), null))),
});

const sequenceResourceSchema = z.object({
  uid: lenient(z.string()),
  resourceType: lenient(z.string()),
  accountId: lenient(accountIdSchema),
  region: lenient(regionSchema),
});

const resourceSchema = z.object({
  resourceType: lenient(z.string()),
  instanceDetails: lenient(instanceDetailsSchema),
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
  resources: lenient(z.array(z.catch(z.nullable(sequenceResourceSchema), null))),
  actors: lenient(z.array(z.catch(z.nullable(actorSchema), null))),
  signals: lenient(z.array(z.catch(z.nullable(signalSchema), null))),
});

/** The one kind of action of which more than the addresses is read. */
export const apiCallActionSchema = z.object({
  awsApiCallAction: lenient(z.object({ api: lenient(z.string()) })),
});

const serviceSchema = z.object({
  archived: lenient(z.union([z.boolean(), z.string()])),
  resourceRole: lenient(z.string()),
  eventLastSeen: lenient(momentSchema),
  additionalInfo: z.optional(z.unknown()),
  action: z.optional(z.unknown()),
  detection: lenient(z.object({ sequence: lenient(sequenceSchema) })),
});

export const findingSchema = z.object({
  id: lenient(filled),
  type: lenient(filled),
  severity: lenient(severitySchema),
  accountId: lenient(accountIdSchema),
  region: lenient(regionSchema),
  title: lenient(z.string()),
  updatedAt: lenient(momentSchema),
  resource: lenient(resourceSchema),
  service: lenient(serviceSchema),
});

export const guarddutyEventSchema = z.object({
  source: z.literal('aws.guardduty'),
  'detail-type': z.literal('GuardDuty Finding'),
  time: lenient(momentSchema),
  detail: findingSchema,
});

/** A finding as far as it could be read. */
export type Finding = z.infer<typeof findingSchema>;
