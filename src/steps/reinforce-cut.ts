import type { ReinforcementName } from '../actions/index.ts';
import { reinforcementNamed, reinforcementNames } from '../actions/index.ts';
import type { ActionDeps, Plan, PlannedChange } from '../actions/plan.ts';
import { planners } from '../actions/planners.ts';
import type { Deps } from '../aws/clients.ts';
import { inWords, isUnavailable } from '../aws/errors.ts';
import type { Case } from '../case/case.ts';
import { profileOf } from '../case/case.ts';
import type { PlanDetail } from '../case/details.ts';
import { isGivenBack } from '../case/given-back.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import type { ReinforceDetail } from '../case/reinforcement.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { waitsForMemory } from '../case/risks/after-memory.ts';
import { reinforcementFailed } from '../case/risks/further-cuts.ts';
import { isFromLogOnly, undoFromLogOnly } from '../case/risks/record.ts';
import type { StepEntry, StepResult } from '../case/step.ts';
import { lastOf } from '../case/step-detail.ts';
import type { StepInput } from '../case/step-input.ts';
import { unite, vouchedBy, vouching } from '../case/vouched.ts';
import type { Performed } from '../engine/perform.ts';
import { perform } from '../engine/perform.ts';
import { rehearse } from '../engine/rehearse.ts';
import type { Sent } from '../engine/send.ts';
import type { TagsByResource } from '../record/trail/tags.ts';

export interface ReinforceInput extends StepInput {
  /**
   * `at-once`: beside the first message, without what waits for the trail; `last`: what is left then.
   * `after-memory`: what would have kept memory from being collected, once that has ended. Absent: everything.
   */
  readonly part?: 'at-once' | 'last' | 'after-memory';
  /** The entries of the steps so far; only for what is left. */
  readonly steps?: readonly StepEntry[];
}

/** What the run has done of it at once; undefined where that failed, so that all of it is left. */
const doneAtOnce = ({
  part,
  steps = [],
}: ReinforceInput): StepEntry<ReinforceDetail> | undefined => {
  const entry = part === 'last' ? lastOf<ReinforceDetail>(steps, 'reinforce-cut') : undefined;
  return entry === undefined || entry.outcome === 'failed' || entry.outcome === 'skipped'
    ? undefined
    : entry;
};

/** What the run has written to tags; nothing where some of it was refused, so that it is tried again. */
const writtenBefore = ({ steps = [] }: ReinforceInput): TagsByResource => {
  const refused = steps.some(({ detail }) =>
    (detail as { readonly risks?: readonly ResidualRisk[] }).risks?.some(isFromLogOnly),
  );
  return refused ? {} : vouchedBy(steps);
};

/**
 * Whether a collection of memory is under way, or about to be, that will make these cuts when it has ended. At
 * the end of the run it is known whether it could be started; where it could not, nothing is waited for.
 */
const memoryComesFirst = (
  { settings, stackEvidenceStateMachineArn }: Deps,
  { part, steps = [] }: ReinforceInput,
): boolean => {
  // The stack may opt into other cuts than the shell of a person: what a person orders is made at once.
  if (stackEvidenceStateMachineArn !== undefined) return false;
  if (settings.toolkitSnapshotId === '' || part === undefined || part === 'after-memory') {
    return false;
  }
  if (part === 'at-once') return true;
  const begun = lastOf(steps, 'collect-evidence')?.outcome;
  return begun === 'done' || begun === 'already';
};

/** The actions to do: those that the stack opts into and that do not harm a server that goes on serving. */
const chosen = ({ settings }: Deps, input: ReinforceInput): readonly ReinforcementName[] => {
  const serving = keepsServing(profileOf(input.case, settings));
  const atOnce = doneAtOnce(input);
  const { part } = input;
  // Nothing is cut while memory is saved before the cut.
  if (input.case.memoryFirst !== undefined) return [];
  return reinforcementNames.filter((name) => {
    const { optIn, notWhileServing = false, last = false, ...action } = reinforcementNamed(name);
    const { takesCredentials = false, phase } = action;
    if (isGivenBack(input.before, phase)) return false;
    if (part === 'at-once' && last) return false;
    if (part === 'after-memory' && !takesCredentials) return false;
    // At once it was left for later; a rehearsal has had all of it at once.
    const left = takesCredentials && settings.toolkitSnapshotId !== '' && !input.case.dryRun;
    if (atOnce !== undefined && !last && !left) return false;
    return (
      (optIn === undefined || settings.optedInto.includes(name)) && !(serving && notWhileServing)
    );
  });
};

/** Plans one action. If the plan fails, that is reported, and the other actions go on. */
const planOne = async (
  deps: ActionDeps,
  input: StepInput,
  cut: ReinforcementName,
): Promise<Plan> => {
  try {
    return await planners[cut](deps, input);
  } catch (error) {
    const what = inWords(error);
    const resource = input.case.instanceId;
    return {
      changes: [],
      remarks: [{ cut, outcome: 'failed', resource, what, undo: [] }],
      risks: [reinforcementFailed(cut, resource, what)],
    };
  }
};

/** How a change ended, as people and the undo are told. */
const told = ({ change, outcome, error }: Sent<PlannedChange>) => {
  const { cut, resource, what, inverse, quiet, keepsUndo = false } = change;
  if (outcome === 'done') {
    return { one: { cut, outcome, resource, what, undo: inverse }, risks: [] };
  }
  const words = inWords(error);
  return {
    one: {
      cut,
      outcome: 'failed' as const,
      resource,
      what: words,
      // A call without an answer may have taken effect, so it keeps its undo. A refused call needs none.
      undo: keepsUndo || isUnavailable(error) ? inverse : [],
    },
    risks: quiet === true ? [] : [reinforcementFailed(cut, resource, words)],
  };
};

/**
 * What takes the instance's credentials away waits for what the agent on it does with them; all the rest
 * is done side by side.
 */
const performInTurn = async (
  deps: ActionDeps,
  theCase: Case,
  changes: readonly PlannedChange[],
  known: TagsByResource,
): Promise<Performed<PlannedChange>> => {
  const onHost = changes.some(({ cut }) => reinforcementNamed(cut).usesAgent === true);
  const waits = ({ cut }: PlannedChange): boolean =>
    onHost && reinforcementNamed(cut).takesCredentials === true;
  const early = changes.filter((change) => !waits(change));
  const first = await perform(deps, theCase, early, {}, known);
  const late = changes.filter(waits);
  if (late.length === 0) return first;
  const second = await perform(deps, theCase, late, {}, unite(known, first.values));
  return {
    sent: [...first.sent, ...second.sent],
    values: unite(first.values, second.values),
    unwritten: [...new Set([...first.unwritten, ...second.unwritten])],
  };
};

/**
 * Runs after the cut, and cuts what no security group can. It sets the idle timeouts of the interfaces
 * to their minimum if AWS allows it, last of all; everything else needs an opt-in. The before-state of
 * each action is written first. A failed action is reported and does not stop the others. What is left
 * at the end is told together with what was done at once.
 */
export const reinforceCut = async (
  deps: ActionDeps,
  input: ReinforceInput,
): Promise<StepResult<ReinforceDetail | PlanDetail>> => {
  const { case: theCase } = input;
  const all = chosen(deps, input);
  const waiting =
    memoryComesFirst(deps, input) && !theCase.dryRun
      ? all.filter((name) => reinforcementNamed(name).takesCredentials === true)
      : [];
  const now = all.filter((name) => !waiting.includes(name));
  const plans = await Promise.all(now.map((one) => planOne(deps, input, one)));
  const changes = plans.flatMap((plan) => plan.changes);
  const atOnce = doneAtOnce(input);
  if (theCase.dryRun) {
    const earlier = (atOnce?.detail as Partial<PlanDetail> | undefined)?.calls ?? [];
    return { outcome: 'planned', detail: { calls: [...earlier, ...(await rehearse(changes))] } };
  }
  const known = writtenBefore(input);
  const { sent, values, unwritten } = await performInTurn(deps, theCase, changes, known);
  const made = sent.map(told);
  const reinforcements = [
    ...(atOnce?.detail.reinforcements ?? []),
    ...plans.flatMap((plan) => plan.remarks),
    ...made.map(({ one }) => one),
  ];
  return {
    outcome:
      made.length > 0 || atOnce?.outcome === 'done'
        ? 'done'
        : reinforcements.length > 0
          ? 'already'
          : 'not-applicable',
    detail: {
      reinforcements,
      risks: [
        ...(atOnce?.detail.risks ?? []).filter(({ risk }) => risk !== 'waits-for-memory'),
        ...plans.flatMap((plan) => plan.risks),
        ...(waiting.length > 0 ? [waitsForMemory(waiting)] : []),
        ...(unwritten.length > 0 ? [undoFromLogOnly(unwritten.join(', '))] : []),
        ...made.flatMap(({ risks }) => risks),
      ],
      ...vouching(unite(atOnce?.detail.vouched ?? {}, values)),
    },
  };
};
