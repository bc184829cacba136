import * as z from 'zod/mini';
import type { CaseReport } from '../case/report.ts';

const texts = z.catch(z.array(z.string()), []);

const interfaceSchema = z.object({
  id: z.string(),
  groupIds: texts,
  privateAddresses: texts,
  ipv6Addresses: texts,
  publicAddresses: texts,
});

/** How the instance was, as the step describe has left it. */
export const describedSchema = z.object({
  before: z.object({
    instance: z.object({
      instanceType: z.optional(z.string()),
      networkInterfaces: z.array(interfaceSchema),
      networkInterfacesCount: z.optional(z.number()),
      volumes: z.array(
        z.object({ id: z.string(), device: z.string(), deleteOnTermination: z.boolean() }),
      ),
      volumesCount: z.optional(z.number()),
    }),
    autoScaling: z.optional(
      z.object({ membership: z.optional(z.object({ groupName: z.string() })) }),
    ),
  }),
});

/** What the cut has changed. */
export const isolatedSchema = z.object({
  profile: z.optional(z.string()),
  interfaces: z.array(z.object({ id: z.string(), to: texts })),
});

/** What verify has read. */
export const nowSchema = z.object({
  now: z.object({
    interfaces: z.optional(z.record(z.string(), z.object({ groupIds: texts }))),
    volumes: z.optional(z.record(z.string(), z.boolean())),
  }),
});

/** What the instance was taken out of. */
export const targetsSchema = z.object({
  targets: z.optional(z.array(z.object({ targetGroupArn: z.string(), port: z.number() }))),
  loadBalancers: texts,
});

/** The snapshots that were begun. */
export const snapshotsSchema = z.object({
  snapshots: z.array(z.object({ snapshotId: z.string(), volumeId: z.string() })),
});

/** What a step handed on, if it can be read. */
export const detail = <Detail>(
  { steps }: CaseReport,
  name: string,
  schema: z.ZodMiniType<Detail>,
): Detail | undefined => schema.safeParse(steps.findLast(({ step }) => step === name)?.detail).data;
