import type { Action } from '../action.ts';
import { mirrorEnded, mirrorFilterGone } from './give-back.ts';

/** The traffic of the instance's interfaces is mirrored to the stack's target; collected as evidence. */
export const trafficMirror = {
  name: 'traffic-mirror',
  phase: 'reinforcements',
  permissions: [
    'ec2:CreateTags',
    'ec2:CreateTrafficMirrorFilter',
    'ec2:CreateTrafficMirrorFilterRule',
    'ec2:CreateTrafficMirrorSession',
    'ec2:ModifyTrafficMirrorFilterNetworkServices',
  ],
  releasePermissions: ['ec2:DeleteTrafficMirrorFilter', 'ec2:DeleteTrafficMirrorSession'],
  controls: [],
  inverses: ({ region, now }) => [
    ...(now.mirrorSessions ?? []).map(({ id, interfaceId }) =>
      mirrorEnded(region, id, interfaceId),
    ),
    ...(now.mirrorFilterIds ?? []).map((id) => mirrorFilterGone(region, id)),
  ],
} as const satisfies Action;
