import type { ReinforcingAction } from '../action.ts';
import { profileBack } from './give-back.ts';

/** The instance profile is taken away: no new credentials are delivered. */
export const disassociateProfile = {
  name: 'disassociate-profile',
  phase: 'reinforcements',
  optIn: 'DISASSOCIATE_PROFILE',
  takesCredentials: true,
  permissions: ['ec2:DescribeIamInstanceProfileAssociations', 'ec2:DisassociateIamInstanceProfile'],
  releasePermissions: ['ec2:AssociateIamInstanceProfile', 'iam:PassRole'],
  controls: [],
  inverses: ({ region, instanceId, former, now }) =>
    former.instanceProfileArn !== undefined && now.instanceProfileArn === undefined
      ? [profileBack(region, instanceId, former.instanceProfileArn)]
      : [],
} as const satisfies ReinforcingAction;
