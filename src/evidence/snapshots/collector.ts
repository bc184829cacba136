import * as z from 'zod/mini';
import { nextWait } from '../../case/next-wait.ts';
import type { Collector, EvidenceDeps, Progress } from '../collector.ts';
import type { EvidenceInput } from '../kind.ts';
import { snapshotsKind } from './kind.ts';
import { isTooLong, look } from './look.ts';
import { snapshotPermissions } from './permissions.ts';
import { listed } from './standing.ts';

const stateSchema = z.object({
  waitedSeconds: z.optional(z.number()),
  /** Ids of the snapshots that earlier looks have found: one of each volume, so about 3 KB at most. */
  chosen: z.array(z.string()),
});

type State = z.infer<typeof stateSchema>;

const ended = (outcome: 'done' | 'failed', words: readonly string[]): Progress => ({
  outcome,
  sentence: `${listed(words)}.`,
});

const advance = async (
  deps: EvidenceDeps,
  input: EvidenceInput,
  { waitedSeconds, chosen }: State,
): Promise<Progress> => {
  if (input.before.instance.volumes.length === 0) {
    return { outcome: 'not-applicable', sentence: 'The instance has no EBS volume.' };
  }
  const { standing, ids } = await look(deps, input, chosen);
  const { done, troubles, waits, notes } = standing;
  if (waits.length > 0 && !isTooLong(deps, input)) {
    const waitSeconds = nextWait(waitedSeconds);
    return {
      outcome: 'waiting',
      sentence: `${listed([...waits, ...troubles])}.`,
      waitSeconds,
      state: {
        waitedSeconds: waitSeconds,
        chosen: [...new Set([...chosen, ...ids])],
      } satisfies State,
    };
  }
  const late = waits.map((words) => `${words}, after three days`);
  const all = [...troubles, ...late];
  const kept = [...notes, ...done];
  return all.length === 0 ? ended('done', kept) : ended('failed', [...all, ...kept]);
};

/**
 * The snapshots of the case, which the runbook has taken: followed to their end, recorded, locked against
 * deletion, and shared with the examiners' account as the stack says. A release takes nothing of it back,
 * because evidence outlives the case.
 */
export const snapshots: Collector = {
  ...snapshotsKind,
  permissions: snapshotPermissions,
  collect: (deps, input) => advance(deps, input, { chosen: [] }),
  follow: (deps, input, state) => advance(deps, input, stateSchema.parse(state)),
};
