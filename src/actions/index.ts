import type { Action, ReinforcingAction } from './action.ts';
import { deregisterLoadBalancers } from './deregister-load-balancers/action.ts';
import { detachAutoScaling } from './detach-auto-scaling/action.ts';
import { disableImds } from './disable-imds/action.ts';
import { disassociateAddresses } from './disassociate-addresses/action.ts';
import { disassociateProfile } from './disassociate-profile/action.ts';
import { flowLogs } from './flow-logs/action.ts';
import { hostCut } from './host-cut/action.ts';
import { idleTimeouts } from './idle-timeouts/action.ts';
import { isolateNetwork } from './isolate-network/action.ts';
import { naclDeny } from './nacl-deny/action.ts';
import { protect } from './protect/action.ts';
import { revokeCredentials } from './revoke-credentials/action.ts';
import { trafficMirror } from './traffic-mirror/action.ts';

/** What the steps of the runbook change, each by a step of the same name, whatever is opted into. */
export const runbookActions: readonly Action[] = [
  isolateNetwork,
  deregisterLoadBalancers,
  detachAutoScaling,
  protect,
];

/**
 * What cuts beyond the groups, in the order in which people are told of it. A folder that is forgotten
 * here does nothing; one that is named here and has no planner fails the type check.
 */
export const reinforcements = [
  idleTimeouts,
  naclDeny,
  disassociateAddresses,
  disableImds,
  revokeCredentials,
  disassociateProfile,
  hostCut,
] as const;

/** What evidence that is collected changes, as far as a release gives it back. */
export const evidenceActions: readonly Action[] = [trafficMirror, flowLogs];

/** Everything that Cordon changes and a release gives back. */
export const actions: readonly Action[] = [
  ...reinforcements,
  ...evidenceActions,
  ...runbookActions,
];

export type ReinforcementName = (typeof reinforcements)[number]['name'];

export const reinforcementNames: readonly ReinforcementName[] = reinforcements.map(
  ({ name }) => name,
);

const byName: ReadonlyMap<string, ReinforcingAction> = new Map(
  reinforcements.map((one) => [one.name, one]),
);

/** What is known of the reinforcement of this name. */
export const reinforcementNamed = (name: ReinforcementName): ReinforcingAction => {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`There is no reinforcement ${name}.`);
  return found;
};
