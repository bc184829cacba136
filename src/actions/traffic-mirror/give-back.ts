import { command } from '../../case/command.ts';
import type { Inverse } from '../../case/undo/inverse.ts';

/** The interface is mirrored no more. */
export const mirrorEnded = (region: string, sessionId: string, interfaceId: string): Inverse => ({
  phase: 'reinforcements',
  resource: sessionId,
  what: `traffic of ${interfaceId} mirrored → not mirrored`,
  call: {
    api: 'ec2:DeleteTrafficMirrorSession',
    input: { TrafficMirrorSessionId: sessionId },
  },
  command: command([
    ...['aws', 'ec2', 'delete-traffic-mirror-session', '--region', region],
    ...['--traffic-mirror-session-id', sessionId],
  ]),
});

/** The filter of the sessions; after them, because EC2 keeps one that a session uses. */
export const mirrorFilterGone = (region: string, filterId: string): Inverse => ({
  phase: 'reinforcements',
  resource: filterId,
  what: 'traffic mirror filter → none',
  call: { api: 'ec2:DeleteTrafficMirrorFilter', input: { TrafficMirrorFilterId: filterId } },
  command: command([
    ...['aws', 'ec2', 'delete-traffic-mirror-filter', '--region', region],
    ...['--traffic-mirror-filter-id', filterId],
  ]),
});
