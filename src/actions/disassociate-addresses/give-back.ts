import { command } from '../../case/command.ts';
import type { FormerAddress } from '../../case/former.ts';
import type { Inverse } from '../../case/undo/inverse.ts';

const automaticAgain = (region: string, interfaceId: string): Inverse => ({
  phase: 'addresses',
  resource: interfaceId,
  what: 'no public address → another automatic one',
  note: 'The former automatic address cannot be given back; AWS gives another one.',
  call: {
    api: 'ec2:ModifyNetworkInterfaceAttribute',
    input: { NetworkInterfaceId: interfaceId, AssociatePublicIpAddress: true },
  },
  command: command([
    ...['aws', 'ec2', 'modify-network-interface-attribute', '--region', region],
    ...['--network-interface-id', interfaceId, '--associate-public-ip-address'],
  ]),
});

/** The public addresses of an interface: Elastic IPs as they were, else another automatic one. */
export const addressesBack = (
  region: string,
  interfaceId: string,
  addresses: readonly FormerAddress[],
): readonly Inverse[] => {
  const again = automaticAgain(region, interfaceId);
  const automatic = addresses.some((one) => 'automatic' in one);
  const elastic = addresses.flatMap((one): Inverse[] =>
    'automatic' in one
      ? []
      : [
          {
            phase: 'addresses',
            resource: interfaceId,
            what: `no public address → ${one.allocationId}`,
            ...(automatic
              ? {}
              : {
                  note: `Where the interface gave itself public addresses before: ${again.command}`,
                }),
            call: {
              api: 'ec2:AssociateAddress',
              input: {
                AllocationId: one.allocationId,
                NetworkInterfaceId: interfaceId,
                PrivateIpAddress: one.privateAddress,
              },
            },
            command: command([
              ...['aws', 'ec2', 'associate-address', '--region', region],
              ...['--allocation-id', one.allocationId, '--network-interface-id', interfaceId],
              ...['--private-ip-address', one.privateAddress],
            ]),
          },
        ],
  );
  return automatic ? [...elastic, again] : elastic;
};
