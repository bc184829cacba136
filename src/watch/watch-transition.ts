import { readOpenInterfaces } from '../aws/contained-instances.ts';
import { defined } from '../case/defined.ts';
import { findCase } from '../find-case.ts';
import { evidenceOf } from './evidence.ts';
import { inRecordOf, recordCaseOf, tellAndRecord } from './record-case.ts';
import { reisolate } from './reisolate.ts';
import type { CheckedInstance, DriftDeps, DriftResult } from './result.ts';
import { attempt } from './tell.ts';

/** A case holds an interface in transition as it is set to, and may be throttled on its way out. */
const longestOnTheWay = 60_000;

/** Isolates the interfaces of one instance that are stuck. */
const isolateStuck = async (
  deps: DriftDeps,
  instanceId: string,
  stuckIds: readonly string[],
): Promise<void> => {
  const found = await findCase(deps, instanceId, deps.region);
  const { networkInterfaces } = found.before.instance;
  const stuckOnes = networkInterfaces.filter(({ id }) => stuckIds.includes(id));
  const { kind } = await evidenceOf(deps, found);
  // Nobody knows of what groups an egress-free clone would be.
  const closed = { ...found, case: { ...found.case, isolationProfile: 'full' as const } };
  await reisolate(deps, kind === 'case' ? found : closed, stuckOnes, kind === 'case');
};

const closeInstance = async (
  deps: DriftDeps,
  instanceId: string,
  stuckIds: readonly string[],
): Promise<CheckedInstance> => {
  const recordCase = await recordCaseOf(deps, instanceId);
  const error =
    instanceId === ''
      ? 'it is attached to no instance'
      : await attempt(() => inRecordOf(recordCase, () => isolateStuck(deps, instanceId, stuckIds)));
  const kind = error === undefined ? 'isolated-again' : 'left-open';
  const names = stuckIds.join(', ');
  await tellAndRecord(deps, recordCase, {
    kind,
    instanceId: instanceId === '' ? names : instanceId,
    region: deps.region,
    at: deps.clock.now().toISOString(),
    what: `${names} was in a transition group, open to everybody, for more than a minute${error === undefined ? '' : `, and isolating it failed: ${error}`}`,
    proof: [],
  });
  return {
    instanceId,
    drifted: ['eni-groups'],
    reisolated: error === undefined ? stuckIds : [],
    told: [kind],
    ...defined({ error }),
  };
};

/**
 * Interfaces that stay in a transition group longer than any case holds them there are isolated,
 * whatever OnDrift says and whosever they are: everybody can reach them. No other interface is.
 */
export const watchTransition = async (deps: DriftDeps): Promise<DriftResult> => {
  const { ec2 } = deps.clients;
  const first = await readOpenInterfaces(ec2);
  if (first.length === 0) return { checked: [] };
  await deps.clock.sleep(deps.settings.transitionHoldSeconds * 1_000 + longestOnTheWay);
  const ids = new Set(first.map(({ interfaceId }) => interfaceId));
  const stuck = (await readOpenInterfaces(ec2)).filter(({ interfaceId }) => ids.has(interfaceId));
  const byInstance = Map.groupBy(stuck, ({ instanceId }) => instanceId ?? '');
  const settled = await Promise.allSettled(
    [...byInstance].map(([instanceId, users]) =>
      closeInstance(
        deps,
        instanceId,
        users.map(({ interfaceId }) => interfaceId),
      ),
    ),
  );
  // One piece of news that is refused does not keep the others from being isolated.
  const refused = settled.find((one) => one.status === 'rejected');
  if (refused !== undefined) throw refused.reason;
  return {
    checked: settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
  };
};
