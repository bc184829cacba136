import type { Deps } from '../aws/clients.ts';
import { readCordonGroups } from '../aws/security-groups.ts';
import { trailKeyOf } from '../aws/trail-key.ts';
import type { Before, NetworkInterface } from '../case/before.ts';
import type { PrepareDetail } from '../case/details.ts';
import type { FoundCase } from '../find-case.ts';
import { isolateNetwork } from '../steps/isolate-network.ts';
import { prepareIsolation } from '../steps/prepare-isolation.ts';
import { sealTrail } from '../steps/seal-trail.ts';

/** The tags of others stay out of the log: they may hold anything. */
const withoutForeignTags = ({ instance, ...before }: Before) => ({
  ...before,
  instance: {
    ...instance,
    tags: Object.fromEntries(
      Object.entries(instance.tags).filter(([key]) => key.startsWith('cordon:')),
    ),
  },
});

/**
 * Isolates interfaces of a contained instance again. What they had before Cordon came stays as it
 * was written then; only an interface that is new has its groups written now. Where nothing shows
 * that there is a case (`remember` false), no tag is written: it would turn into evidence of one.
 *
 * @throws what prepareIsolation and isolateNetwork throw.
 */
export const reisolate = async (
  deps: Deps<'ec2'>,
  found: FoundCase,
  interfaces: readonly NetworkInterface[],
  remember = true,
): Promise<void> => {
  const groups = await readCordonGroups(deps.clients.ec2);
  const before: Before = {
    ...found.before,
    groups: groups.filter(({ ownerId }) => ownerId === found.case.accountId),
    instance: { ...found.before.instance, networkInterfaces: interfaces },
    repeat: false,
  };
  const input = { case: found.case, before };
  deps.log.info('before', { caseId: found.case.caseId, before: withoutForeignTags(before) });
  const remembering = remember ? 'interfaces' : 'nothing';
  const { detail } = await prepareIsolation(deps, { ...input, remembering });
  const prepared = detail as PrepareDetail;
  await isolateNetwork(deps, { ...input, prepared });
  const { trailKey } = await trailKeyOf(deps);
  if (trailKey !== undefined) await sealTrail(deps, trailKey, input, prepared.vouched ?? {}, {});
};
