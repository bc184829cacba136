import type { Deps } from '../aws/clients.ts';
import type { IsolationDetail, PlanDetail, PrepareDetail } from '../case/details.ts';
import type { StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import type { IsolateInput } from './isolate-network.ts';
import { isolateNetwork, permissions as isolatePermissions } from './isolate-network.ts';
import { prepareIsolation, permissions as preparePermissions } from './prepare-isolation.ts';

/** Isolation run alone prepares for itself, so its function needs the permissions of both. */
export const permissions: readonly string[] = [
  ...new Set([...isolatePermissions, ...preparePermissions]),
];

const nothingPrepared: PrepareDetail = { groups: {}, originals: {}, risks: [] };

/**
 * Step 5 with the groups that prepare-isolation made, or, run alone, with groups it prepares
 * itself.
 *
 * @throws what prepareIsolation and isolateNetwork throw.
 */
export const isolateOrPrepare = async (
  deps: Deps<'ec2'>,
  input: StepInput & Partial<IsolateInput>,
): Promise<StepResult<IsolationDetail | PlanDetail>> => {
  if (input.prepared !== undefined) {
    return isolateNetwork(deps, { ...input, prepared: input.prepared });
  }
  const { detail } = await prepareIsolation(deps, input);
  const prepared = 'groups' in detail ? detail : nothingPrepared;
  return isolateNetwork(deps, { ...input, prepared });
};
