import * as z from 'zod/mini';
import { caseInstanceOf } from '../case/case.ts';
import { defined } from '../case/defined.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import type { Phase } from '../case/undo/inverse.ts';
import { phases } from '../case/undo/inverse.ts';
import { complaintOf } from '../triggers/complaint.ts';
import { instanceIdSchema } from '../triggers/schema.ts';
import type { ReleaseRequest } from './release.ts';
import type { Trust } from './require-trust.ts';

/** What a person asks of a release, as the state machine hands it on. */
export interface ReleaseOrder {
  readonly subject: { readonly instanceId: string; readonly caseId?: string };
  readonly request: ReleaseRequest;
  readonly trust: Trust;
  readonly dryRun: boolean;
}

const schema = z.strictObject({
  instanceId: z.optional(instanceIdSchema),
  caseId: z.optional(z.string()),
  reason: z.optional(z.string()),
  requestedBy: z.optional(z.string()),
  only: z.optional(z.array(z.enum(phases))),
  asg: z.optional(z.enum(['attach', 'leave'])),
  groups: z.optional(
    z.record(
      z.string().check(z.regex(/^eni-[0-9a-f]{8,17}$/)),
      z.array(z.string().check(z.regex(/^sg-[0-9a-f]{8,17}$/))),
    ),
  ),
  close: z.optional(z.boolean()),
  trustTags: z.optional(z.boolean()),
  trustGroups: z.optional(z.boolean()),
  dryRun: z.optional(z.boolean()),
});

/** The same event, as a person's command writes it. */
export interface ReleaseEvent {
  readonly instanceId: string;
  readonly caseId?: string;
  readonly reason?: string;
  readonly requestedBy?: string;
  readonly only?: readonly Phase[];
  readonly asg?: 'attach' | 'leave';
  readonly groups?: Readonly<Record<string, readonly string[]>>;
  readonly close?: boolean;
  readonly trustTags?: boolean;
  readonly trustGroups?: boolean;
  readonly dryRun?: boolean;
}

const accepted =
  'Accepted is {"instanceId": "i-…"} or {"caseId": "…"}, with reason, requestedBy, only, asg, groups, close, trustTags, trustGroups, dryRun.';

/**
 * Reads what a release is asked for. Without a word the instance is left out of its Auto Scaling
 * group, where a replacement runs.
 *
 * @throws UnintelligibleEventError for anything else.
 */
export const parseReleaseEvent = (event: unknown): ReleaseOrder => {
  const parsed = schema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The release cannot be read (${complaintOf(parsed.error)}). ${accepted}`,
    );
  }
  const {
    caseId,
    reason,
    only,
    asg = 'leave',
    groups,
    close,
    trustTags,
    trustGroups,
    dryRun = false,
  } = parsed.data;
  if (close === true && (reason === undefined || only !== undefined)) {
    throw new UnintelligibleEventError(
      'A case is closed as a whole, and with a reason: say reason, and not only.',
    );
  }
  const instanceId = parsed.data.instanceId ?? caseInstanceOf(caseId ?? '');
  if (instanceId === undefined) {
    throw new UnintelligibleEventError(`The release names no instance. ${accepted}`);
  }
  const who = parsed.data.requestedBy ?? 'unknown';
  return {
    subject: { instanceId, ...defined({ caseId }) },
    request: {
      by: { who, ...defined({ reason }) },
      autoScaling: asg,
      ...defined({ only, groups, close }),
    },
    trust: defined({ only, groups, close, trustTags, trustGroups }),
    dryRun,
  };
};
