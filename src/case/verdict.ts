import type { Instance } from './before.ts';
import type { Control } from './control.ts';
import { controlOf } from './control.ts';
import type { CaseReport } from './report.ts';

/** How an instance stands, in the words that people are told. */
export type Verdict = 'ISOLATED' | 'NOT ISOLATED' | 'RELEASED' | 'NEVER CONTAINED' | 'TERMINATED';

/** A case as it was read back, and the verdict on it. */
export interface VerifiedCase extends CaseReport {
  readonly verdict: Verdict;
  /** The case that the trail names; absent where none is known, whatever `caseId` says. */
  readonly knownCaseId?: string;
}

/** What a verdict is made of. */
export interface Standing {
  readonly instance: Instance;
  readonly proof: readonly Control[];
  /** The id of its case, if the trail names one that can be this instance's. */
  readonly caseId: string | undefined;
  /** The status that the trail tells; whoever may tag can write it. */
  readonly taggedStatus: string | undefined;
}

const gone: ReadonlySet<string> = new Set(['terminated', 'shutting-down']);

const isolating = ['eni-groups', 'group-rules'] as const;

const closed: ReadonlySet<string> = new Set(['released', 'closed']);

/**
 * The verdict on an instance. Isolation is what AWS shows; tags decide only between the words for an
 * instance that is open, and never where an interface is still in a group of Cordon's.
 */
export const verdictOf = ({ instance, proof, caseId, taggedStatus }: Standing): Verdict => {
  if (gone.has(instance.state)) return 'TERMINATED';
  if (isolating.every((name) => controlOf(proof, name)?.holds === true)) return 'ISOLATED';
  const held = instance.networkInterfaces.some(
    ({ cordonGroupIds = [] }) => cordonGroupIds.length > 0,
  );
  if (held) return 'NOT ISOLATED';
  if (caseId === undefined) return 'NEVER CONTAINED';
  return closed.has(taggedStatus ?? '') ? 'RELEASED' : 'NOT ISOLATED';
};
