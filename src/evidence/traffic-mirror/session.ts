import { CreateTrafficMirrorSessionCommand } from '@aws-sdk/client-ec2';
import { toTags } from '../../aws/tags.ts';
import { readMirrorSessions, toMirrorSession } from '../../aws/traffic-mirrors.ts';
import type { Case } from '../../case/case.ts';
import { AwsRefusedError } from '../../case/errors.ts';
import type { MirrorFilter, MirrorSession } from '../../case/traffic-mirror.ts';
import { mirrorDescription, nextSessionNumber } from '../../case/traffic-mirror.ts';
import { mirrorTags, saysCase } from '../../record/trail/mirror-tags.ts';
import type { EvidenceDeps } from '../collector.ts';
import { clientToken } from './client-token.ts';

/** A session of the case, and which other sessions of the interface get packets before it. */
export interface Mirrored {
  readonly session: MirrorSession;
  readonly ahead: readonly string[];
}

const createSession = async (
  { clients, settings }: EvidenceDeps,
  theCase: Case,
  filter: MirrorFilter,
  interfaceId: string,
  number: number,
): Promise<MirrorSession> => {
  const { TrafficMirrorSession } = await clients.ec2.send(
    new CreateTrafficMirrorSessionCommand({
      NetworkInterfaceId: interfaceId,
      TrafficMirrorTargetId: settings.mirrorTargetId,
      TrafficMirrorFilterId: filter.id,
      SessionNumber: number,
      Description: mirrorDescription(theCase.caseId),
      ClientToken: clientToken(theCase.caseId, interfaceId, filter.id, number),
      TagSpecifications: [
        { ResourceType: 'traffic-mirror-session', Tags: toTags(mirrorTags(theCase)) },
      ],
    }),
  );
  if (TrafficMirrorSession?.TrafficMirrorSessionId === undefined) {
    throw new AwsRefusedError('EC2 made a traffic mirror session and gave no id of it.');
  }
  return toMirrorSession(TrafficMirrorSession);
};

/**
 * The session of the case on an interface: found, or made. One counts as found only where it leads through the
 * case's filter to the stack's target, whatever its tags say.
 *
 * @throws what EC2 answers.
 */
export const ensureSession = async (
  deps: EvidenceDeps,
  theCase: Case,
  filter: MirrorFilter,
  interfaceId: string,
): Promise<Mirrored> => {
  const there = await readMirrorSessions(deps.clients.ec2, 'network-interface-id', [interfaceId]);
  const mine = there.find(
    ({ tags, targetId, filterId }) =>
      saysCase(tags, theCase) &&
      targetId === deps.settings.mirrorTargetId &&
      filterId === filter.id,
  );
  const number = nextSessionNumber(there.map((one) => one.number));
  const session = mine ?? (await createSession(deps, theCase, filter, interfaceId, number));
  const before = there.filter((one) => one.number < session.number);
  return { session, ahead: before.map(({ id }) => id) };
};
