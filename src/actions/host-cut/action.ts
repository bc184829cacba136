import type { ReinforcingAction } from '../action.ts';
import { hostBack } from './give-back.ts';

/**
 * The host's own firewall lets its agent through and nothing else, and what was open ends: for what no
 * group and no network ACL cuts. The last resort, because it touches the host.
 */
export const hostCut = {
  name: 'host-cut',
  phase: 'host',
  optIn: 'HOST_CUT',
  permissions: [
    'ssm:DescribeInstanceInformation',
    'ssm:GetDocument',
    'ssm:DescribeDocument',
    'ssm:SendCommand',
    'ssm:GetCommandInvocation',
    'ec2:CreateTags',
  ],
  releasePermissions: [
    'ssm:DescribeInstanceInformation',
    'ssm:GetDocument',
    'ssm:DescribeDocument',
    'ssm:SendCommand',
    'ssm:GetCommandInvocation',
  ],
  notWhileServing: true,
  usesAgent: true,
  // What a host says of itself proves nothing.
  controls: [],
  inverses: ({ region, instanceId, former }) =>
    former.host === undefined ? [] : [hostBack(region, instanceId, former.host)],
} as const satisfies ReinforcingAction;
