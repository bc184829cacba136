import { readMirrorFilters, readMirrorSessions } from '../aws/traffic-mirrors.ts';
import type { Instance } from '../case/before.ts';
import type { Now } from '../case/now.ts';
import type { MirrorFilter, MirrorSession } from '../case/traffic-mirror.ts';
import { mirrorDescription } from '../case/traffic-mirror.ts';
import { instanceTag } from '../record/trail/keys.ts';
import { saysCase } from '../record/trail/mirror-tags.ts';
import type { ReleaseDeps } from './release-deps.ts';

/** What mirrors the traffic of a case, and what bears its tags and is left. */
export interface FoundMirrors extends Pick<Now, 'mirrorSessions' | 'mirrorFilterIds'> {
  /** In words. */
  readonly left: readonly string[];
}

const none: FoundMirrors = { mirrorSessions: [], mirrorFilterIds: [], left: [] };

/** Why a session that bears tags of the instance is not the case's; undefined where it is. */
const whyNot = (
  session: MirrorSession,
  caseId: string,
  instanceId: string,
  targetId: string,
): string | undefined => {
  if (!saysCase(session.tags, { caseId, instanceId })) return 'it bears the tags of another case';
  // Tags can be put on anything; what it was made for stands in its description since it was made.
  if (session.description !== mirrorDescription(caseId)) return 'it was made for something else';
  return session.targetId === targetId
    ? undefined
    : `it leads to ${session.targetId}, and the stack mirrors to ${targetId}`;
};

/** A filter goes only with its last session: one that somebody else uses is somebody's eye. */
const readFilters = async (
  { clients }: ReleaseDeps,
  caseId: string,
  instanceId: string,
  sessions: readonly MirrorSession[],
): Promise<Pick<FoundMirrors, 'mirrorFilterIds' | 'left'>> => {
  const found = await readMirrorFilters(clients.ec2, mirrorDescription(caseId));
  const filters = found.filter(({ tags }) => saysCase(tags, { caseId, instanceId }));
  const ids = filters.map(({ id }) => id);
  const using = await readMirrorSessions(clients.ec2, 'traffic-mirror-filter-id', ids);
  const others = using.filter(({ id }) => !sessions.some((one) => one.id === id));
  const isUsed = ({ id }: MirrorFilter) => others.some(({ filterId }) => filterId === id);
  return {
    mirrorFilterIds: filters.filter((one) => !isUsed(one)).map(({ id }) => id),
    left: filters
      .filter(isUsed)
      .map(({ id }) => `the traffic mirror filter ${id} stays: sessions of somebody else use it`),
  };
};

/**
 * The sessions and filters of a case, where the stack mirrors at all. A tag alone gets nothing deleted: whoever
 * may tag could have a session of the security team's end with the case. It counts only on an interface of this
 * instance, and to the target of the stack.
 */
export const findMirrors = async (
  deps: ReleaseDeps,
  caseId: string,
  { id: instanceId, networkInterfaces }: Instance,
): Promise<FoundMirrors> => {
  const { mirrorTargetId } = deps.settings;
  if (mirrorTargetId === '') return none;
  const interfaceIds = networkInterfaces.map(({ id }) => id);
  const all = await readMirrorSessions(deps.clients.ec2, 'network-interface-id', interfaceIds);
  const tagged = all.filter(({ tags }) => tags[instanceTag] === instanceId);
  const why = (one: MirrorSession) => whyNot(one, caseId, instanceId, mirrorTargetId);
  const sessions = tagged.filter((one) => why(one) === undefined);
  const { mirrorFilterIds = [], left } = await readFilters(deps, caseId, instanceId, sessions);
  return {
    mirrorSessions: sessions.map(({ id, interfaceId }) => ({ id, interfaceId })),
    mirrorFilterIds,
    left: [
      ...tagged
        .filter((one) => why(one) !== undefined)
        .map((one) => `the traffic mirror session ${one.id} stays: ${why(one)}`),
      ...left,
    ],
  };
};
