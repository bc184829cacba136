import { networkAclPermissions } from '../../aws/network-acl-permissions.ts';
import type { ReinforcingAction } from '../action.ts';
import { denyTakenBack } from './give-back.ts';

/** The finding's addresses are denied in the network ACLs of the instance's subnets. */
export const naclDeny = {
  name: 'nacl-deny',
  phase: 'network',
  optIn: 'NACL_DENY',
  permissions: [...networkAclPermissions, 'ec2:CreateTags', 'kms:GetPublicKey'],
  releasePermissions: ['ec2:DeleteNetworkAclEntry'],
  controls: [],
  inverses: ({ region, now }) =>
    (now.denies ?? []).map(({ aclId, number, egress }) =>
      denyTakenBack(region, aclId, number, egress),
    ),
} as const satisfies ReinforcingAction;
