import { planDisableImds } from './disable-imds/plan.ts';
import { planDisassociateAddresses } from './disassociate-addresses/plan.ts';
import { planDisassociateProfile } from './disassociate-profile/plan.ts';
import { planHostCut } from './host-cut/plan.ts';
import { planIdleTimeouts } from './idle-timeouts/plan.ts';
import type { ReinforcementName } from './index.ts';
import { planNaclDeny } from './nacl-deny/plan.ts';
import type { Planner } from './plan.ts';
import { planRevokeCredentials } from './revoke-credentials/plan.ts';

/** How each action is planned; apart from the rest, because it needs the SDK. */
export const planners: Readonly<Record<ReinforcementName, Planner>> = {
  'idle-timeouts': planIdleTimeouts,
  'nacl-deny': planNaclDeny,
  'disassociate-addresses': planDisassociateAddresses,
  'disable-imds': planDisableImds,
  'revoke-credentials': planRevokeCredentials,
  'disassociate-profile': planDisassociateProfile,
  'host-cut': planHostCut,
};
