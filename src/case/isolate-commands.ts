import type { Before, NetworkInterface } from './before.ts';
import { movableInterfaces } from './before.ts';
import { command, jsonWord, type Word } from './command.ts';
import type { PrepareDetail } from './details.ts';
import { isClosed, isolationGroupName } from './isolation-group.ts';
import { operatorAdvice } from './operator.ts';

/** What is known of an instance that is not isolated. */
export interface OpenInstance {
  readonly instanceId: string;
  readonly region: string;
  /** Absent where describe failed. */
  readonly before: Before | undefined;
  /** Absent where preparing failed. */
  readonly prepared: PrepareDetail | undefined;
  /** AWS refused to make a group, because the Region has as many as its quota allows. */
  readonly groupsExhausted?: boolean;
}

const groupName = isolationGroupName('full');

/** The first name that no group of the VPC bears: one that is there and open is not to be used. */
const freeName = ({ groups }: Before, vpcId: string): string => {
  const taken = new Set(groups.filter((one) => one.vpcId === vpcId).map(({ name }) => name));
  const suffixes = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const free = suffixes.map((at) => isolationGroupName('full', at)).find((one) => !taken.has(one));
  return free ?? groupName;
};

const ec2 = (region: string, operation: string, ...words: readonly Word[]): string =>
  command(['aws', 'ec2', operation, '--region', region, ...words]);

const move = (region: string, interfaceId: string, groups: readonly Word[]): string =>
  ec2(
    region,
    'modify-network-interface-attribute',
    '--network-interface-id',
    interfaceId,
    '--groups',
    ...groups,
  );

/** The groups that an interface is to be in: those that were prepared, else a closed one that is there. */
const knownGroups = (
  { before, prepared }: OpenInstance,
  { id, vpcId }: NetworkInterface,
): readonly string[] => {
  const ready = prepared?.groups[id]?.isolation ?? [];
  if (ready.length > 0) return ready;
  const closed = before?.groups.find(
    (group) => group.vpcId === vpcId && group.name === groupName && isClosed(group, []),
  );
  return closed === undefined ? [] : [closed.id];
};

const idByName = (region: string, vpcId: string, name: string): Word => ({
  outputOf: ec2(
    region,
    'describe-security-groups',
    '--filters',
    `Name=vpc-id,Values=${vpcId}`,
    `Name=group-name,Values=${name}`,
    '--query',
    'SecurityGroups[0].GroupId',
    '--output',
    'text',
  ),
});

const everywhere = (family: 'ipv4' | 'ipv6') =>
  jsonWord([
    {
      IpProtocol: '-1',
      ...(family === 'ipv4'
        ? { IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
        : { Ipv6Ranges: [{ CidrIpv6: '::/0' }] }),
    },
  ]);

/**
 * Makes a group that lets nothing through: a new one has rules that let everything out
 * (https://docs.aws.amazon.com/vpc/latest/userguide/creating-security-groups.html).
 */
const makeGroup = (region: string, vpcId: string, name: string): readonly string[] => [
  ec2(
    region,
    'create-security-group',
    '--vpc-id',
    vpcId,
    '--group-name',
    name,
    '--description',
    'Nothing in, nothing out',
  ),
  ...(['ipv4', 'ipv6'] as const).map((family) =>
    ec2(
      region,
      'revoke-security-group-egress',
      '--group-id',
      idByName(region, vpcId, name),
      '--ip-permissions',
      everywhere(family),
    ),
  ),
];

/**
 * What makes room for a group where the quota of the Region refused one: "VPC security groups per
 * Region" (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html).
 */
const makeRoom = (region: string): readonly string[] => [
  '# The Region has as many security groups as its quota (L-E79EC296) allows, and AWS refused one more. First delete one that nothing uses; AWS refuses to delete one that is in use:',
  ec2(
    region,
    'describe-security-groups',
    '--query',
    'SecurityGroups[].[GroupId,GroupName,VpcId]',
    '--output',
    'text',
  ),
];

/** Where describe failed: the commands that find the interfaces and the groups. */
const lookFirst = ({ region, instanceId }: OpenInstance): readonly string[] => [
  ec2(
    region,
    'describe-network-interfaces',
    '--filters',
    `Name=attachment.instance-id,Values=${instanceId}`,
    '--query',
    'NetworkInterfaces[].[NetworkInterfaceId,VpcId]',
    '--output',
    'text',
  ),
  ec2(
    region,
    'describe-security-groups',
    '--filters',
    `Name=group-name,Values=${groupName}`,
    '--query',
    'SecurityGroups[].[GroupId,VpcId]',
    '--output',
    'text',
  ),
];

/**
 * The commands that isolate an instance that Cordon could not isolate: each interface into a closed
 * group of its VPC, after making one where none is known. Where nothing could be read, the commands
 * that find interfaces and groups.
 */
export const isolateCommands = (open: OpenInstance): readonly string[] => {
  const { region, before } = open;
  if (before === undefined) return lookFirst(open);
  const interfaces = movableInterfaces(before.instance);
  const without = interfaces.filter((one) => knownGroups(open, one).length === 0);
  const vpcs = [...new Set(without.map(({ vpcId }) => vpcId))];
  const nameIn = (vpcId: string): string => freeName(before, vpcId);
  const { managedBy } = before.instance;
  return [
    ...(managedBy === undefined ? [] : [`# ${operatorAdvice(managedBy)} EC2 may refuse these:`]),
    ...(open.groupsExhausted === true && vpcs.length > 0 ? makeRoom(region) : []),
    ...vpcs.flatMap((vpcId) => makeGroup(region, vpcId, nameIn(vpcId))),
    ...interfaces.map((one) => {
      const known = knownGroups(open, one);
      const groups = known.length > 0 ? known : [idByName(region, one.vpcId, nameIn(one.vpcId))];
      return move(region, one.id, groups);
    }),
  ];
};
