import { rehearse } from '../aws/change.ts';
import type { Deps } from '../aws/clients.ts';
import { inWords, isUnavailable } from '../aws/errors.ts';
import { networkAclPermissions } from '../aws/network-acls.ts';
import { profileOf } from '../case/case.ts';
import type { PlanDetail } from '../case/details.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import type { ReinforceDetail, Reinforcement, ReinforcementName } from '../case/reinforcement.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { reinforcementFailed } from '../case/risks/further-cuts.ts';
import { undoFromLogOnly } from '../case/risks/record.ts';
import type { StepResult } from '../case/step.ts';
import { planDisableImds } from './reinforcements/disable-imds.ts';
import { planDisassociateAddresses } from './reinforcements/disassociate-addresses.ts';
import { planDisassociateProfile } from './reinforcements/disassociate-profile.ts';
import { planIdleTimeouts } from './reinforcements/idle-timeouts.ts';
import { planNaclDeny } from './reinforcements/nacl-deny.ts';
import type { Action, Plan, ReinforceDeps } from './reinforcements/plan.ts';
import { planRevokeCredentials } from './reinforcements/revoke-credentials.ts';
import { remember } from './remember.ts';
import type { StepInput } from './step-input.ts';

/** What each cut may do; the template grants it only where the cut is opted into. */
export const reinforcementPermissions: Readonly<Record<ReinforcementName, readonly string[]>> = {
  'idle-timeouts': ['ec2:ModifyNetworkInterfaceAttribute', 'ec2:CreateTags'],
  'nacl-deny': [...networkAclPermissions, 'ec2:CreateTags'],
  'disassociate-addresses': [
    'ec2:DescribeAddresses',
    'ec2:ModifyNetworkInterfaceAttribute',
    'ec2:DisassociateAddress',
    'ec2:CreateTags',
  ],
  'disable-imds': ['ec2:ModifyInstanceMetadataOptions'],
  'revoke-credentials': ['iam:GetInstanceProfile', 'iam:PutRolePolicy'],
  'disassociate-profile': [
    'ec2:DescribeIamInstanceProfileAssociations',
    'ec2:DisassociateIamInstanceProfile',
  ],
};

type Planner = (deps: ReinforceDeps, input: StepInput) => Plan | Promise<Plan>;

const chosen = (
  { settings }: Deps,
  input: StepInput,
): readonly (readonly [ReinforcementName, Planner])[] => [
  // Where the server goes on serving, healthy connections must not be forgotten.
  ...(keepsServing(profileOf(input.case, settings))
    ? []
    : [['idle-timeouts', planIdleTimeouts] as const]),
  ...(settings.naclDeny ? [['nacl-deny', planNaclDeny] as const] : []),
  ...(settings.disassociateAddresses
    ? [['disassociate-addresses', planDisassociateAddresses] as const]
    : []),
  ...(settings.disableImds ? [['disable-imds', planDisableImds] as const] : []),
  ...(settings.revokeCredentials ? [['revoke-credentials', planRevokeCredentials] as const] : []),
  ...(settings.disassociateProfile
    ? [['disassociate-profile', planDisassociateProfile] as const]
    : []),
];

/** A cut that cannot even be planned is told, and does not keep the others. */
const planOne = async (
  deps: ReinforceDeps,
  input: StepInput,
  [cut, planner]: readonly [ReinforcementName, Planner],
): Promise<Plan> => {
  try {
    return await planner(deps, input);
  } catch (error) {
    const what = inWords(error);
    const resource = input.case.instanceId;
    return {
      actions: [],
      remarks: [{ cut, outcome: 'failed', resource, what, undo: [] }],
      risks: [reinforcementFailed(cut, resource, what)],
    };
  }
};

/** The before-state of everything that is about to change, in one call per resource. */
const rememberBefore = async (
  deps: ReinforceDeps,
  { case: theCase }: StepInput,
  actions: readonly Action[],
): Promise<ResidualRisk[]> => {
  const values: Record<string, Record<string, string>> = {};
  const unfit: string[] = [];
  for (const { resourceId, tags } of actions.flatMap((action) => action.remember ?? [])) {
    for (const [key, value] of Object.entries(tags)) {
      if (value === undefined) unfit.push(`${resourceId} (${key})`);
      else values[resourceId] = { ...values[resourceId], [key]: value };
    }
  }
  const left = [...new Set([...(await remember(deps, theCase, values)), ...unfit])];
  return left.length > 0 ? [undoFromLogOnly(left.join(', '))] : [];
};

const make = async (
  { log }: ReinforceDeps,
  caseId: string,
  { cut, change, what, undo, quiet }: Action,
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
      // Without an answer it may have taken effect all the same; what AWS refused has not.
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
 * After the cut: what no security group cuts. The idle timeouts of the interfaces go to their
 * minimum, best effort; the rest is opted into. Each cut's before-state is written first, each
 * failure is told, and none keeps the others.
 */
export const reinforceCut = async (
  deps: ReinforceDeps,
  input: StepInput,
): Promise<StepResult<ReinforceDetail | PlanDetail>> => {
  const { case: theCase } = input;
  const plans = await Promise.all(chosen(deps, input).map((one) => planOne(deps, input, one)));
  const actions = plans.flatMap((plan) => plan.actions);
  if (theCase.dryRun) {
    const calls = await rehearse(actions.map(({ change }) => change));
    return { outcome: 'planned', detail: { calls } };
  }
  const unwritten = await rememberBefore(deps, input, actions);
  const made = await Promise.all(actions.map((action) => make(deps, theCase.caseId, action)));
  const reinforcements = [...plans.flatMap((plan) => plan.remarks), ...made.map(({ one }) => one)];
  return {
    outcome: made.length > 0 ? 'done' : reinforcements.length > 0 ? 'already' : 'not-applicable',
    detail: {
      reinforcements,
      risks: [
        ...plans.flatMap((plan) => plan.risks),
        ...unwritten,
        ...made.flatMap(({ risks }) => risks),
      ],
    },
  };
};
