import type { IdleTimeouts } from '../before.ts';
import { command, jsonWord } from '../command.ts';
import type { FormerAddress } from '../former.ts';

/** What holds where nobody has set anything; instances of Nitro v6 have 350 for TCP. */
const usualTimeouts: Required<IdleTimeouts> = { tcpEstablished: 432_000, udpStream: 180, udp: 30 };

/** The idle timeouts of an interface as they were, in seconds. */
export const idleTimeoutsBack = (
  region: string,
  interfaceId: string,
  timeouts: IdleTimeouts,
): readonly string[] => {
  const { tcpEstablished, udpStream, udp } = { ...usualTimeouts, ...timeouts };
  return [
    ...(timeouts.tcpEstablished === undefined
      ? ['# The default for TCP is 350 on Nitro v6 instances.']
      : []),
    command([
      ...['aws', 'ec2', 'modify-network-interface-attribute', '--region', region],
      ...['--network-interface-id', interfaceId, '--connection-tracking-specification'],
      `TcpEstablishedTimeout=${tcpEstablished},UdpStreamTimeout=${udpStream},UdpTimeout=${udp}`,
    ]),
  ];
};

/** The public addresses of an interface: Elastic IPs as they were, else another automatic one. */
export const addressesBack = (
  region: string,
  interfaceId: string,
  addresses: readonly FormerAddress[],
): readonly string[] => {
  const automatic = addresses.some((one) => 'automatic' in one);
  const again = command([
    ...['aws', 'ec2', 'modify-network-interface-attribute', '--region', region],
    ...['--network-interface-id', interfaceId, '--associate-public-ip-address'],
  ]);
  return [
    ...addresses.flatMap((one) =>
      'automatic' in one
        ? []
        : [
            command([
              ...['aws', 'ec2', 'associate-address', '--region', region],
              ...['--allocation-id', one.allocationId, '--network-interface-id', interfaceId],
              ...['--private-ip-address', one.privateAddress],
            ]),
          ],
    ),
    ...(automatic
      ? ['# The former automatic address cannot be given back; AWS gives another one:', again]
      : [`# Where the interface gave itself public addresses before: ${again}`]),
  ];
};

/** The metadata service answers again. */
export const metadataBack = (region: string, instanceId: string): readonly string[] => [
  command([
    ...['aws', 'ec2', 'modify-instance-metadata-options', '--region', region],
    ...['--instance-id', instanceId, '--http-endpoint', 'enabled'],
  ]),
];

/** The instance profile, whose path may contain commas. */
export const profileBack = (region: string, instanceId: string, arn: string): readonly string[] => [
  command([
    ...['aws', 'ec2', 'associate-iam-instance-profile', '--region', region],
    ...['--instance-id', instanceId, '--iam-instance-profile', jsonWord({ Arn: arn })],
  ]),
];
