import type { Control } from '../case/control.ts';
import { controlOf } from '../case/control.ts';
import type { DriftNews } from '../case/drift-news.ts';
import type { CaseReport } from '../case/report.ts';
import type { FoundCase } from '../find-case.ts';
import type { RecordedCall } from './event.ts';
import type { Evidence } from './evidence.ts';
import { recordCaseOf, tellAndRecord } from './record-case.ts';
import type { DriftDeps } from './result.ts';
import { whoOf } from './tell.ts';

/** The controls that say whether the instance is cut off. */
export const isolating = ['eni-groups', 'group-rules'] as const;

/**
 * The required controls that do not hold, as far as they could be read, and a seal that shows that
 * somebody has changed the trail: the alarm on drifted controls rings for it once.
 */
export const notHolding = (report: CaseReport): readonly Control[] =>
  report.proof.filter(
    ({ control, required, holds }) =>
      (required && holds !== true) || (control === 'seal' && holds === false),
  );

/** Read as open, not merely unread, and not given back by a person. */
export const isOpen = (report: CaseReport): boolean =>
  isolating.some((name) => {
    const control = controlOf(report.proof, name);
    return control?.holds === false && control.required;
  });

/** Read as closed: neither open nor in doubt. */
export const isClosed = (report: CaseReport): boolean =>
  isolating.every((name) => controlOf(report.proof, name)?.holds === true);

/** What one look at an instance is about, and how people are told of it. */
export interface Look {
  readonly found: FoundCase;
  /** The call that made the watch look. */
  readonly call: RecordedCall | undefined;
  readonly told: DriftNews['kind'][];
  news(
    kind: DriftNews['kind'],
    what: string,
    proof: readonly Control[],
    evidence?: Evidence,
  ): Promise<void>;
}

/** A look at a case that was found; what is told is of the call that made the watch look. */
export const lookAt = (deps: DriftDeps, found: FoundCase, call: RecordedCall | undefined): Look => {
  const { caseId, instanceId, accountId, region } = found.case;
  const told: DriftNews['kind'][] = [];
  return {
    found,
    call,
    told,
    news: async (kind, what, proof, evidence) => {
      const at = deps.clock.now().toISOString();
      const who = call === undefined ? {} : { who: whoOf(call) };
      const doubt = evidence?.kind === 'none' ? { doubt: evidence.doubt } : {};
      const about = { kind, instanceId, caseId, accountId, region, at };
      const recordCase = await recordCaseOf(deps, instanceId, found);
      await tellAndRecord(deps, recordCase, { ...about, what, ...who, ...doubt, proof });
      told.push(kind);
    },
  };
};
