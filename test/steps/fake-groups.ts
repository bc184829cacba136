import type {
  AuthorizeSecurityGroupEgressCommandInput,
  AuthorizeSecurityGroupIngressCommandInput,
  CreateSecurityGroupCommandInput,
  DescribeSecurityGroupsCommandInput,
  SecurityGroup as Ec2Group,
  GroupIdentifier,
  IpPermission,
} from '@aws-sdk/client-ec2';
import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import type { Rule, SecurityGroup } from '../../src/case/security-group.ts';
import { awsError } from './aws-error.ts';
import type { FakeAws } from './fake-aws.ts';
import { accountId } from './sample-instance.ts';

type Rules = Map<string, IpPermission>;

interface FakeGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly ingress: Rules;
  readonly egress: Rules;
}

/** AWS keeps the base address of a range: 198.51.100.18/24 becomes 198.51.100.0/24. */
const canonical = (cidr: string): string => {
  const [address = '', length = '32'] = cidr.split('/');
  if (address.includes(':')) return cidr.toLowerCase();
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const size = 2 ** (32 - Number(length));
  const base = Math.floor(bits / size) * size;
  return `${[24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256).join('.')}/${length}`;
};

/** One entry per range, list or group of a permission. */
const entriesOf = (permission: IpPermission): [string, IpPermission][] => {
  const { IpProtocol = '-1', FromPort, ToPort } = permission;
  const base = {
    IpProtocol,
    ...(FromPort === undefined ? {} : { FromPort }),
    ...(ToPort === undefined ? {} : { ToPort }),
  };
  const key = (peer: string) => `${IpProtocol} ${FromPort ?? '-'} ${ToPort ?? '-'} ${peer}`;
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp = '' }): [string, IpPermission] => {
      const cidr = canonical(CidrIp);
      return [key(cidr), { ...base, IpRanges: [{ CidrIp: cidr }] }];
    }),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 = '' }): [string, IpPermission] => {
      const cidr = canonical(CidrIpv6);
      return [key(cidr), { ...base, Ipv6Ranges: [{ CidrIpv6: cidr }] }];
    }),
    ...(permission.PrefixListIds ?? []).map((list): [string, IpPermission] => [
      key(list.PrefixListId ?? ''),
      { ...base, PrefixListIds: [list] },
    ]),
    ...(permission.UserIdGroupPairs ?? []).map((pair): [string, IpPermission] => [
      key(pair.GroupId ?? ''),
      { ...base, UserIdGroupPairs: [pair] },
    ]),
  ];
};

const permissionOf = ({ protocol, fromPort, toPort, peer }: Rule): IpPermission => ({
  IpProtocol: protocol,
  ...(fromPort === undefined ? {} : { FromPort: fromPort }),
  ...(toPort === undefined ? {} : { ToPort: toPort }),
  ...(peer.kind === 'ipv4' ? { IpRanges: [{ CidrIp: peer.cidr }] } : {}),
  ...(peer.kind === 'ipv6' ? { Ipv6Ranges: [{ CidrIpv6: peer.cidr }] } : {}),
  ...(peer.kind === 'prefix-list' ? { PrefixListIds: [{ PrefixListId: peer.id }] } : {}),
  ...(peer.kind === 'group'
    ? { UserIdGroupPairs: [{ GroupId: peer.id, UserId: peer.accountId ?? accountId }] }
    : {}),
});

const rulesOf = (group: SecurityGroup, direction: Rule['direction']): Rules =>
  new Map(
    group.rules
      .filter((rule) => rule.direction === direction)
      .flatMap((rule) => entriesOf(permissionOf(rule))),
  );

const names = (rules: Rules, groupIds: readonly string[]): boolean =>
  [...rules.values()].some(({ UserIdGroupPairs }) =>
    UserIdGroupPairs?.some(({ GroupId = '' }) => groupIds.includes(GroupId)),
  );

const matchesName = (pattern: string, name: string): boolean =>
  new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);

/** Security groups that behave as on AWS, default egress and refusals included. */
export class FakeGroups {
  readonly #groups: FakeGroup[] = [];
  readonly #tags: (resource: string) => Map<string, string>;
  readonly #ipv6Vpcs: ReadonlySet<string>;
  #made = 0;

  constructor(
    { ec2 }: FakeAws,
    groups: readonly SecurityGroup[],
    ipv6Vpcs: readonly string[],
    tags: (resource: string) => Map<string, string>,
  ) {
    this.#tags = tags;
    this.#ipv6Vpcs = new Set(ipv6Vpcs);
    for (const group of groups) this.add(group);
    ec2.on(DescribeSecurityGroupsCommand).callsFake(async (input) => this.#describe(input));
    ec2.on(CreateSecurityGroupCommand).callsFake(async (input) => this.#create(input));
    ec2
      .on(AuthorizeSecurityGroupIngressCommand)
      .callsFake(async (input) => this.allow(input, 'ingress'));
    ec2
      .on(AuthorizeSecurityGroupEgressCommand)
      .callsFake(async (input) => this.allow(input, 'egress'));
    ec2
      .on(RevokeSecurityGroupIngressCommand)
      .callsFake(async (input) => this.#revoke(input, 'ingress'));
    ec2
      .on(RevokeSecurityGroupEgressCommand)
      .callsFake(async (input) => this.#revoke(input, 'egress'));
  }

  add(group: SecurityGroup): void {
    const { id, name, vpcId, ownerId, role } = group;
    const [ingress, egress] = [rulesOf(group, 'ingress'), rulesOf(group, 'egress')];
    this.#groups.push({ id, name, vpcId, ownerId, ingress, egress });
    if (role !== undefined) this.#tags(id).set('cordon:role', role);
  }

  /** Takes every rule away, for a test that answers a revoke itself. */
  close(id: string): void {
    const group = this.#find(id);
    group.ingress.clear();
    group.egress.clear();
  }

  exists(id: string): boolean {
    return this.#groups.some((group) => group.id === id);
  }

  /** The id of the group of this name, for what a test does not number itself. */
  named(name: string, vpcId?: string): string | undefined {
    return this.#groups.find(
      (group) => group.name === name && (vpcId === undefined || group.vpcId === vpcId),
    )?.id;
  }

  /** As an interface shows its groups; those that no test describes are the VPC's default. */
  identify(ids: readonly string[]): GroupIdentifier[] {
    return ids.map((GroupId) => ({
      GroupId,
      GroupName: this.#groups.find(({ id }) => id === GroupId)?.name ?? 'default',
    }));
  }

  /** `egress -1 - - 0.0.0.0/0`, one line per rule. */
  rules(id: string): string[] {
    const group = this.#find(id);
    return [
      ...[...group.ingress.keys()].map((key) => `ingress ${key}`),
      ...[...group.egress.keys()].map((key) => `egress ${key}`),
    ];
  }

  /** What authorize does, for a test that answers it itself. */
  allow(
    {
      GroupId,
      IpPermissions,
    }: AuthorizeSecurityGroupIngressCommandInput | AuthorizeSecurityGroupEgressCommandInput,
    direction: Rule['direction'],
  ): unknown {
    const rules = this.#find(GroupId)[direction];
    const entries = (IpPermissions ?? []).flatMap(entriesOf);
    if (entries.some(([key]) => rules.has(key))) throw awsError('InvalidPermission.Duplicate');
    for (const [key, permission] of entries) rules.set(key, permission);
    return { Return: true };
  }

  #find(id: string | undefined): FakeGroup {
    const group = this.#groups.find((one) => one.id === id);
    if (group === undefined) throw awsError('InvalidGroup.NotFound');
    return group;
  }

  #describe({ GroupIds, Filters }: DescribeSecurityGroupsCommandInput): unknown {
    const asked = (name: string) => Filters?.find((one) => one.Name === name)?.Values;
    const patterns = asked('group-name');
    const vpcIds = asked('vpc-id');
    const peersIn = asked('ip-permission.group-id');
    const peersOut = asked('egress.ip-permission.group-id');
    const found =
      GroupIds?.map((id) => this.#find(id)) ??
      this.#groups.filter(
        ({ name, vpcId, ingress, egress }) =>
          (patterns?.some((pattern) => matchesName(pattern, name)) ?? true) &&
          (vpcIds?.includes(vpcId) ?? true) &&
          (peersIn === undefined || names(ingress, peersIn)) &&
          (peersOut === undefined || names(egress, peersOut)),
      );
    const toEc2 = ({ id, name, vpcId, ownerId, ingress, egress }: FakeGroup): Ec2Group => ({
      GroupId: id,
      GroupName: name,
      VpcId: vpcId,
      OwnerId: ownerId,
      IpPermissions: [...ingress.values()],
      IpPermissionsEgress: [...egress.values()],
      Tags: [...this.#tags(id)].map(([Key, Value]) => ({ Key, Value })),
    });
    return { SecurityGroups: found.map(toEc2) };
  }

  #create(input: CreateSecurityGroupCommandInput): unknown {
    const { GroupName: name = '', VpcId: vpcId = '' } = input;
    if (input.DryRun === true) throw awsError('DryRunOperation');
    if (this.named(name, vpcId) !== undefined) throw awsError('InvalidGroup.Duplicate');
    this.#made += 1;
    const id = `sg-000000000000000d${this.#made}`;
    const families = ['0.0.0.0/0', ...(this.#ipv6Vpcs.has(vpcId) ? ['::/0'] : [])];
    const egress = families.flatMap((cidr) =>
      entriesOf(
        cidr.includes(':')
          ? { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: cidr }] }
          : { IpProtocol: '-1', IpRanges: [{ CidrIp: cidr }] },
      ),
    );
    this.#groups.push({
      id,
      name,
      vpcId,
      ownerId: accountId,
      ingress: new Map(),
      egress: new Map(egress),
    });
    for (const { Key = '', Value = '' } of input.TagSpecifications?.[0]?.Tags ?? []) {
      this.#tags(id).set(Key, Value);
    }
    return { GroupId: id };
  }

  /** All or nothing, as on AWS: one absent rule refuses the whole call. */
  #revoke(
    { GroupId, IpPermissions }: AuthorizeSecurityGroupIngressCommandInput,
    direction: Rule['direction'],
  ): unknown {
    const group = this.#find(GroupId);
    const entries = (IpPermissions ?? []).flatMap(entriesOf);
    for (const [key, { Ipv6Ranges }] of entries) {
      if (group[direction].has(key)) continue;
      const noIpv6 = Ipv6Ranges !== undefined && !this.#ipv6Vpcs.has(group.vpcId);
      throw awsError(noIpv6 ? 'InvalidParameterValue' : 'InvalidPermission.NotFound');
    }
    for (const [key] of entries) group[direction].delete(key);
    return { Return: true };
  }
}
