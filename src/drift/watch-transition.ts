import { readOpenInterfaces } from '../aws/contained-instances.ts';
import { findCase } from '../verify-case.ts';
import { reisolate } from './reisolate.ts';
import type { CheckedInstance, DriftDeps, DriftResult } from './result.ts';
import { attempt, tell } from './tell.ts';

/** An interface may be in transition for as long as it is held there, and a little more. */
const longestTransition = 61_000;

/** Interfaces that stay in a transition group longer than any case holds them there. */
export const watchTransition = async (deps: DriftDeps): Promise<DriftResult> => {
  const { ec2 } = deps.clients;
  const first = await readOpenInterfaces(ec2);
  if (first.length === 0) return { checked: [] };
  await deps.clock.sleep(longestTransition);
  const ids = new Set(first.map(({ interfaceId }) => interfaceId));
  const stuck = (await readOpenInterfaces(ec2)).filter(({ interfaceId }) => ids.has(interfaceId));
  const byInstance = Map.groupBy(stuck, ({ instanceId }) => instanceId ?? '');
  const settled = await Promise.allSettled(
    [...byInstance].map(async ([instanceId, users]): Promise<CheckedInstance> => {
      const stuckIds = users.map(({ interfaceId }) => interfaceId);
      const isolateThem = async () => {
        const found = await findCase(deps, instanceId, deps.region);
        const { networkInterfaces } = found.before.instance;
        await reisolate(
          deps,
          found,
          networkInterfaces.filter(({ id }) => stuckIds.includes(id)),
        );
      };
      const error =
        instanceId === '' ? 'it is attached to no instance' : await attempt(isolateThem);
      await tell(deps, {
        kind: error === undefined ? 'isolated-again' : 'left-open',
        instanceId: instanceId === '' ? stuckIds.join(', ') : instanceId,
        region: deps.region,
        at: deps.clock.now().toISOString(),
        what: `${stuckIds.join(', ')} was in a transition group, open to everybody, for more than a minute${error === undefined ? '' : `, and isolating it failed: ${error}`}`,
        proof: [],
      });
      return {
        instanceId,
        drifted: ['eni-groups'],
        reisolated: error === undefined ? stuckIds : [],
        told: [error === undefined ? 'isolated-again' : 'left-open'],
        ...(error === undefined ? {} : { error }),
      };
    }),
  );
  // One piece of news that is refused does not keep the others from being isolated.
  const refused = settled.find((one) => one.status === 'rejected');
  if (refused !== undefined) throw refused.reason;
  return {
    checked: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
  };
};
