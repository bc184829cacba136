import type { IdleTimeouts } from '../before.ts';
import { command, jsonWord, option } from '../command.ts';
import type { FormerAddress } from '../former.ts';
import type { Inverse } from './inverse.ts';

/** What holds where nobody has set anything; instances of Nitro v6 have 350 for TCP. */
export const usualTimeouts: Required<IdleTimeouts> = {
  tcpEstablished: 432_000,
  udpStream: 180,
  udp: 30,
};

/** The idle timeouts of an interface as they were, in seconds. */
export const idleTimeoutsBack = (
  region: string,
  interfaceId: string,
  timeouts: IdleTimeouts,
): Inverse => {
  const { tcpEstablished, udpStream, udp } = { ...usualTimeouts, ...timeouts };
  return {
    phase: 'reinforcements',
    resource: interfaceId,
    what: `idle timeouts → ${tcpEstablished} s TCP, ${udpStream} s UDP streams, ${udp} s UDP`,
    ...(timeouts.tcpEstablished === undefined
      ? { note: 'The default for TCP is 350 on Nitro v6 instances.' }
      : {}),
    call: {
      api: 'ec2:ModifyNetworkInterfaceAttribute',
      input: {
        NetworkInterfaceId: interfaceId,
        ConnectionTrackingSpecification: {
          TcpEstablishedTimeout: tcpEstablished,
          UdpStreamTimeout: udpStream,
          UdpTimeout: udp,
        },
      },
    },
    command: command([
      ...['aws', 'ec2', 'modify-network-interface-attribute', '--region', region],
      ...['--network-interface-id', interfaceId, '--connection-tracking-specification'],
      `TcpEstablishedTimeout=${tcpEstablished},UdpStreamTimeout=${udpStream},UdpTimeout=${udp}`,
    ]),
  };
};

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

/** The metadata service answers again. */
export const metadataBack = (region: string, instanceId: string): Inverse => ({
  phase: 'reinforcements',
  resource: instanceId,
  what: 'metadata service disabled → enabled',
  call: {
    api: 'ec2:ModifyInstanceMetadataOptions',
    input: { InstanceId: instanceId, HttpEndpoint: 'enabled' },
  },
  command: command([
    ...['aws', 'ec2', 'modify-instance-metadata-options', '--region', region],
    ...['--instance-id', instanceId, '--http-endpoint', 'enabled'],
  ]),
});

/** The instance profile, whose path may contain commas. */
export const profileBack = (region: string, instanceId: string, arn: string): Inverse => ({
  phase: 'reinforcements',
  resource: instanceId,
  what: `no instance profile → ${arn}`,
  call: {
    api: 'ec2:AssociateIamInstanceProfile',
    input: { InstanceId: instanceId, IamInstanceProfile: { Arn: arn } },
  },
  command: command([
    ...['aws', 'ec2', 'associate-iam-instance-profile', '--region', region],
    ...['--instance-id', instanceId, '--iam-instance-profile', jsonWord({ Arn: arn })],
  ]),
});

/** An entry of a network ACL that denies for this instance. */
export const denyTakenBack = (
  region: string,
  aclId: string,
  number: number,
  egress: boolean,
): Inverse => {
  const way = egress ? 'egress' : 'ingress';
  return {
    phase: 'network',
    resource: aclId,
    what: `${way} rule ${number} → none`,
    call: {
      api: 'ec2:DeleteNetworkAclEntry',
      input: { NetworkAclId: aclId, RuleNumber: number, Egress: egress },
    },
    command: command([
      ...['aws', 'ec2', 'delete-network-acl-entry', '--region', region],
      ...['--network-acl-id', aclId, '--rule-number', `${number}`, `--${way}`],
    ]),
  };
};

/** The inline policy that denies the instance's sessions everything. */
export const sessionsBack = (roleName: string, policyName: string): Inverse => ({
  phase: 'reinforcements',
  resource: roleName,
  what: `policy ${policyName} → none`,
  call: { api: 'iam:DeleteRolePolicy', input: { RoleName: roleName, PolicyName: policyName } },
  command: command([
    ...['aws', 'iam', 'delete-role-policy'],
    ...option('--role-name', roleName),
    ...['--policy-name', policyName],
  ]),
});
