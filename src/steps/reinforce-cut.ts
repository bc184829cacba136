import type { ReinforcementName } from '../actions/index.ts';
import { reinforcementNamed, reinforcementNames } from '../actions/index.ts';
import type { ActionDeps, Plan, PlannedChange } from '../actions/plan.ts';
import { planners } from '../actions/planners.ts';
import type { Deps } from '../aws/clients.ts';
import { inWords, isUnavailable } from '../aws/errors.ts';
import { profileOf } from '../case/case.ts';
import type { PlanDetail } from '../case/details.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import type { ReinforceDetail } from '../case/reinforcement.ts';
import { reinforcementFailed } from '../case/risks/further-cuts.ts';
import { undoFromLogOnly } from '../case/risks/record.ts';
import type { StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import { vouching } from '../case/vouched.ts';
import { perform } from '../engine/perform.ts';
import { rehearse } from '../engine/rehearse.ts';
import type { Sent } from '../engine/send.ts';

/** The actions to do: those that the stack opts into and that do not harm a server that goes on serving. */
const chosen = ({ settings }: Deps, { case: theCase }: StepInput): readonly ReinforcementName[] => {
  const serving = keepsServing(profileOf(theCase, settings));
  return reinforcementNames.filter((name) => {
    const { optIn, notWhileServing = false } = reinforcementNamed(name);
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
  const { cut, resource, what, inverse, quiet } = change;
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
      undo: isUnavailable(error) ? inverse : [],
    },
    risks: quiet === true ? [] : [reinforcementFailed(cut, resource, words)],
  };
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
  if (theCase.dryRun) return { outcome: 'planned', detail: { calls: await rehearse(changes) } };
  const { sent, values, unwritten } = await perform(deps, theCase, changes);
  const made = sent.map(told);
  const reinforcements = [...plans.flatMap((plan) => plan.remarks), ...made.map(({ one }) => one)];
  return {
    outcome: made.length > 0 ? 'done' : reinforcements.length > 0 ? 'already' : 'not-applicable',
    detail: {
      reinforcements,
      risks: [
        ...plans.flatMap((plan) => plan.risks),
        ...(unwritten.length > 0 ? [undoFromLogOnly(unwritten.join(', '))] : []),
        ...made.flatMap(({ risks }) => risks),
      ],
      ...vouching(values),
    },
  };
};
