import { DescribeTrafficMirrorSessionsCommand } from '@aws-sdk/client-ec2';
import type { Deps } from '../../aws/clients.ts';
import { codeOf, inWords } from '../../aws/errors.ts';
import { readInterfacesBy } from '../../aws/network-interfaces.ts';
import { toMirrorSession } from '../../aws/traffic-mirrors.ts';
import { isIsolationGroupName } from '../../case/isolation-group.ts';
import { quoted } from '../../case/quoted.ts';
import type { Piece } from '../../record/evidence-store/piece.ts';
import type { PieceState, VerifyPiece } from '../verifier.ts';

type VerifyDeps = Deps<'ec2'>;

/** A release ends the session with the case, and then there is nothing of it to be lost. */
const goneState = async (
  { clients }: VerifyDeps,
  { resource = '', note = '' }: Piece,
): Promise<PieceState> => {
  const interfaceId = /\beni-[0-9a-f]{8,17}\b/.exec(note)?.[0] ?? '';
  const [found] = await readInterfacesBy(clients.ec2, 'network-interface-id', [interfaceId]);
  const isIsolated = (found?.Groups ?? []).some(({ GroupName = '' }) =>
    isIsolationGroupName(GroupName),
  );
  return isIsolated
    ? { holds: false, observed: `${resource} is gone, and ${interfaceId} is still isolated` }
    : { holds: true, observed: `${resource} has ended: ${interfaceId} is isolated no more` };
};

const readSession = async (deps: VerifyDeps, piece: Piece): Promise<PieceState> => {
  const { resource = '', note = '' } = piece;
  const { TrafficMirrorSessions = [] } = await deps.clients.ec2.send(
    new DescribeTrafficMirrorSessionsCommand({ TrafficMirrorSessionIds: [resource] }),
  );
  const [found] = TrafficMirrorSessions.map(toMirrorSession);
  if (found === undefined) return goneState(deps, piece);
  const isAsMade = note.includes(found.targetId) && note.includes(found.filterId);
  return {
    holds: isAsMade,
    observed: `${found.interfaceId} is mirrored to ${found.targetId} through ${found.filterId}`,
  };
};

/** Whether a session still mirrors to where it was made for. */
export const verifyMirror: VerifyPiece = async (deps, piece) => {
  const { resource = '' } = piece;
  if (!/^tms-[0-9a-f]{17}$/.test(resource)) {
    return { holds: false, observed: `${quoted(resource)} is no traffic mirror session` };
  }
  try {
    return await readSession(deps, piece).catch((error: unknown) => {
      if (codeOf(error) === 'InvalidTrafficMirrorSessionId.NotFound') return goneState(deps, piece);
      throw error;
    });
  } catch (error) {
    return { holds: 'unknown', observed: inWords(error) };
  }
};
