import type { Action } from './action.ts';
import { disableImds } from './disable-imds/action.ts';
import { disassociateAddresses } from './disassociate-addresses/action.ts';
import { disassociateProfile } from './disassociate-profile/action.ts';
import { idleTimeouts } from './idle-timeouts/action.ts';
import { naclDeny } from './nacl-deny/action.ts';
import { revokeCredentials } from './revoke-credentials/action.ts';

/**
 * Every action, in the order in which people are told of them. A folder that is forgotten here does
 * nothing; one that is named here and has no planner fails the type check.
 */
export const actions = [
  idleTimeouts,
  naclDeny,
  disassociateAddresses,
  disableImds,
  revokeCredentials,
  disassociateProfile,
] as const;

export type ActionName = (typeof actions)[number]['name'];

export const actionNames: readonly ActionName[] = actions.map(({ name }) => name);

const byName: ReadonlyMap<string, Action> = new Map(actions.map((one) => [one.name, one]));

/** What is known of the action of this name. */
export const actionNamed = (name: ActionName): Action => {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`There is no action ${name}.`);
  return found;
};
