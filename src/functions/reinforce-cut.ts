import { makeIamClient } from '../aws/client/iam.ts';
import { makeSsmClient } from '../aws/client/ssm.ts';
import type { Deps } from '../aws/clients.ts';
import type { Before } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import type { PlanDetail } from '../case/details.ts';
import type { ReinforceDetail } from '../case/reinforcement.ts';
import type { StepResult } from '../case/step.ts';
import { describe } from '../steps/describe.ts';
import type { ReinforceInput } from '../steps/reinforce-cut.ts';
import { reinforceCut } from '../steps/reinforce-cut.ts';
import { describedStep } from './step-function.ts';

type ReinforceDeps = Deps<'ec2' | 'autoScaling' | 'iam' | 'ssm'>;

/** Whether every interface has groups of Cordon's alone, whatever somebody has made of their rules. */
const isStillCut = ({ instance }: Before): boolean =>
  movableInterfaces(instance).every(
    ({ groupIds, cordonGroupIds = [] }) =>
      groupIds.length > 0 && groupIds.every((id) => cordonGroupIds.includes(id)),
  );

/**
 * Memory may take hours, and somebody may have given the instance back meanwhile, or a part of it. So it is
 * looked at anew: only a case that still stands, with every interface isolated, is cut further.
 */
const afterMemory = async (
  deps: ReinforceDeps,
  input: ReinforceInput,
): Promise<StepResult<ReinforceDetail | PlanDetail>> => {
  const { instanceId, ...theCase } = input.case;
  const asked = { instanceId, region: theCase.region, case: theCase };
  const { detail } = await describe(deps, asked);
  if (!isStillCut(detail.before) || detail.case.caseId !== theCase.caseId) {
    deps.log.warn('nothing is cut after memory: the case does not stand as it did', {
      caseId: theCase.caseId,
      instanceId,
    });
    return { outcome: 'not-applicable', detail: { reinforcements: [], risks: [] } };
  }
  return reinforceCut(deps, { ...input, before: detail.before });
};

/** After the cut: what no security group cuts, as far as it is opted into. */
export const reinforceCutFunction = describedStep<'iam' | 'ssm', ReinforceInput>({
  step: 'reinforce-cut',
  clients: (log) => ({ iam: makeIamClient(log), ssm: makeSsmClient(log) }),
  run: (deps, input) =>
    input.part === 'after-memory' ? afterMemory(deps, input) : reinforceCut(deps, input),
});
