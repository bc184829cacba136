import type { ReinforcingAction } from '../action.ts';
import { addressesBack } from './give-back.ts';

/** Public addresses are taken away: nothing comes or goes through an internet gateway. */
export const disassociateAddresses = {
  name: 'disassociate-addresses',
  phase: 'addresses',
  optIn: 'DISASSOCIATE_ADDRESSES',
  permissions: [
    'ec2:DescribeAddresses',
    'ec2:ModifyNetworkInterfaceAttribute',
    'ec2:DisassociateAddress',
    'ec2:CreateTags',
  ],
  releasePermissions: ['ec2:AssociateAddress'],
  controls: [],
  inverses: ({ region, former, now }) =>
    Object.entries(former.interfaces).flatMap(([id, { addresses }]) =>
      addresses !== undefined && now.interfaces[id]?.publicAddresses.length === 0
        ? addressesBack(region, id, addresses)
        : [],
    ),
} as const satisfies ReinforcingAction;
