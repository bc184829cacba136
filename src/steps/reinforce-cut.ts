import type { ActionName } from '../actions/index.ts';
import { actionNamed, actionNames } from '../actions/index.ts';
import type { ActionDeps, Plan, PlannedChange } from '../actions/plan.ts';
import { planners } from '../actions/planners.ts';
import { rehearse } from '../aws/change.ts';
import type { Deps } from '../aws/clients.ts';
import { inWords, isUnavailable } from '../aws/errors.ts';
import { profileOf } from '../case/case.ts';
import type { PlanDetail } from '../case/details.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import type { ReinforceDetail, Reinforcement } from '../case/reinforcement.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { reinforcementFailed } from '../case/risks/further-cuts.ts';
import { undoFromLogOnly } from '../case/risks/record.ts';
import type { StepResult } from '../case/step.ts';
import { vouching } from '../case/vouched.ts';
import type { TagsByResource } from '../trail/tags.ts';
import { remember } from './remember.ts';
import type { StepInput } from './step-input.ts';

/** The actions to do: those that the stack opts into and that do not harm a server that goes on serving. */
const chosen = ({ settings }: Deps, { case: theCase }: StepInput): readonly ActionName[] => {
  const serving = keepsServing(profileOf(theCase, settings));
  return actionNames.filter((name) => {
    const { optIn, notWhileServing = false } = actionNamed(name);
    return (
      (optIn === undefined || settings.optedInto.includes(name)) && !(serving && notWhileServing)
    );
  });
};

/** Plans one action. If the plan fails, that is reported, and the other actions go on. */
const planOne = async (deps: ActionDeps, input: StepInput, cut: ActionName): Promise<Plan> => {
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

/** The before-state of everything that is about to change, in one call per resource. */
const rememberBefore = async (
  deps: ActionDeps,
  { case: theCase }: StepInput,
  changes: readonly PlannedChange[],
): Promise<{ readonly risks: readonly ResidualRisk[]; readonly values: TagsByResource }> => {
  const values: Record<string, Record<string, string>> = {};
  const unfit: string[] = [];
  for (const { resourceId, tags } of changes.flatMap((change) => change.remember ?? [])) {
    for (const [key, value] of Object.entries(tags)) {
      if (value === undefined) unfit.push(`${resourceId} (${key})`);
      else values[resourceId] = { ...values[resourceId], [key]: value };
    }
  }
  const left = [...new Set([...(await remember(deps, theCase, values)), ...unfit])];
  return { risks: left.length > 0 ? [undoFromLogOnly(left.join(', '))] : [], values };
};

const make = async (
  { log }: ActionDeps,
  caseId: string,
  { cut, change, what, undo, quiet }: PlannedChange,
): Promise<{ readonly one: Reinforcement; readonly risks: readonly ResidualRisk[] }> => {
  const { resource } = change;
  log.info('before reinforcing', { caseId, cut, resource, undo });
  try {
    await change.send(false);
    return { one: { cut, outcome: 'done', resource, what, undo }, risks: [] };
  } catch (error) {
    const words = inWords(error);
    log.warn('a further cut failed', { caseId, cut, resource, error: words });
    return {
      // A call without an answer may have taken effect, so it keeps its undo. A refused call needs none.
      one: {
        cut,
        outcome: 'failed',
        resource,
        what: words,
        undo: isUnavailable(error) ? undo : [],
      },
      risks: quiet === true ? [] : [reinforcementFailed(cut, resource, words)],
    };
  }
};

/**
 * Runs after the cut, and cuts what no security group can. It sets the idle timeouts of the interfaces
 * to their minimum if AWS allows it; everything else needs an opt-in. The before-state of each action
 * is written first. A failed action is reported and does not stop the others.
 */
export const reinforceCut = async (
  deps: ActionDeps,
  input: StepInput,
): Promise<StepResult<ReinforceDetail | PlanDetail>> => {
  const { case: theCase } = input;
  const plans = await Promise.all(chosen(deps, input).map((one) => planOne(deps, input, one)));
  const changes = plans.flatMap((plan) => plan.changes);
  if (theCase.dryRun) {
    const calls = await rehearse(changes.map(({ change }) => change));
    return { outcome: 'planned', detail: { calls } };
  }
  const remembered = await rememberBefore(deps, input, changes);
  const made = await Promise.all(changes.map((change) => make(deps, theCase.caseId, change)));
  const reinforcements = [...plans.flatMap((plan) => plan.remarks), ...made.map(({ one }) => one)];
  return {
    outcome: made.length > 0 ? 'done' : reinforcements.length > 0 ? 'already' : 'not-applicable',
    detail: {
      reinforcements,
      risks: [
        ...plans.flatMap((plan) => plan.risks),
        ...remembered.risks,
        ...made.flatMap(({ risks }) => risks),
      ],
      ...vouching(remembered.values),
    },
  };
};
