import type { Instance } from '../../case/before.ts';
import { ForeignInstanceError, InstanceTerminatedError } from '../../case/errors.ts';

/** @throws InstanceTerminatedError when nothing is left to contain. */
export const refuseGone = (instance: Instance): void => {
  if (instance.state !== 'terminated' && instance.state !== 'shutting-down') return;
  throw new InstanceTerminatedError(
    `The instance ${instance.id} is ${instance.state} (${instance.stateReason ?? 'no reason given'}): look for its snapshots, and at the log for who did it.`,
  );
};

/** @throws ForeignInstanceError when the instance belongs to another account than the trigger says. */
export const refuseForeign = (instance: Instance, asked: string | undefined): void => {
  // By hand the account is unknown until the instance was read.
  if (asked === undefined || asked === '' || asked === instance.accountId) return;
  throw new ForeignInstanceError(
    `The instance ${instance.id} belongs to account ${instance.accountId}, not to ${asked}: deploy Cordon there.`,
  );
};
