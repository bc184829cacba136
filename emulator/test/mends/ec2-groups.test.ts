import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createGroup, createNetwork, launch } from '../world.ts';

const aws = useEmulator();

const all4: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const all6: IpPermission = { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] };
const ssh: IpPermission = {
  IpProtocol: 'tcp',
  FromPort: 22,
  ToPort: 22,
  IpRanges: [{ CidrIp: '10.0.0.0/8' }],
};

const newGroup = async (ipv6 = false) => {
  const { vpcId } = await createNetwork(aws.ec2, { ipv6 });
  return createGroup(aws.ec2, vpcId, 'group');
};

const revoke = (GroupId: string, ...IpPermissions: IpPermission[]) =>
  aws.ec2.send(new RevokeSecurityGroupEgressCommand({ GroupId, IpPermissions }));

const describeGroup = async (groupId: string) => {
  const { SecurityGroups } = await aws.ec2.send(
    new DescribeSecurityGroupsCommand({ GroupIds: [groupId] }),
  );
  return SecurityGroups?.[0] ?? {};
};

const rules = async (groupId: string) => {
  const group = await describeGroup(groupId);
  return {
    egress: group.IpPermissionsEgress?.length,
    ingress: group.IpPermissions?.length,
  };
};

const long = (characters: number): string => 'x'.repeat(characters);

test('names are unique per VPC, whatever their case', async () => {
  const { vpcId } = await createNetwork(aws.ec2);
  await createGroup(aws.ec2, vpcId, 'cordon-isolation');
  await expect(createGroup(aws.ec2, vpcId, 'Cordon-Isolation')).rejects.toMatchObject({
    name: 'InvalidGroup.Duplicate',
  });
  const other = await createNetwork(aws.ec2);
  await expect(createGroup(aws.ec2, other.vpcId, 'cordon-isolation')).resolves.toMatch(/^sg-/);
});

test('of simultaneous creations of one name exactly one succeeds', async () => {
  const { vpcId } = await createNetwork(aws.ec2);
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, () => createGroup(aws.ec2, vpcId, 'one')),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

describe('deleting a group', () => {
  const remove = (GroupId: string) => aws.ec2.send(new DeleteSecurityGroupCommand({ GroupId }));

  test('that an interface has is refused', async () => {
    const { vpcId, subnetId } = await createNetwork(aws.ec2);
    const group = await createGroup(aws.ec2, vpcId, 'web');
    await launch(aws.ec2, { SubnetId: subnetId, SecurityGroupIds: [group] });
    await expect(remove(group)).rejects.toMatchObject({ name: 'DependencyViolation' });
  });

  test('that a rule of another group names is refused, then allowed', async () => {
    const { vpcId } = await createNetwork(aws.ec2);
    const group = await createGroup(aws.ec2, vpcId, 'web');
    const other = await createGroup(aws.ec2, vpcId, 'db');
    const rule = {
      GroupId: other,
      IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: group }] }],
    };
    await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand(rule));
    await expect(remove(group)).rejects.toMatchObject({ name: 'DependencyViolation' });
    await aws.ec2.send(new RevokeSecurityGroupIngressCommand(rule));
    await expect(remove(group)).resolves.toBeDefined();
  });
});

describe('revoking rules', () => {
  test('both default rules of a VPC with IPv6 go in one call', async () => {
    const group = await newGroup(true);
    await revoke(group, all4, all6);
    expect(await rules(group)).toEqual({ egress: 0, ingress: 0 });
  });

  test('one call with a present and an absent rule fails whole', async () => {
    const group = await newGroup();
    await expect(revoke(group, all4, all6)).rejects.toMatchObject({
      name: 'InvalidPermission.NotFound',
    });
    expect(await rules(group)).toEqual({ egress: 1, ingress: 0 });
  });

  test('an absent rule is not found, in both directions', async () => {
    const group = await newGroup();
    await revoke(group, all4);
    await expect(revoke(group, all4)).rejects.toMatchObject({ name: 'InvalidPermission.NotFound' });
    await expect(
      aws.ec2.send(new RevokeSecurityGroupIngressCommand({ GroupId: group, IpPermissions: [ssh] })),
    ).rejects.toMatchObject({ name: 'InvalidPermission.NotFound' });
    await expect(
      aws.ec2.send(
        new RevokeSecurityGroupIngressCommand({
          GroupId: group,
          SecurityGroupRuleIds: ['sgr-0123456789abcdef0'],
        }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidSecurityGroupRuleId.NotFound' });
  });
});

describe('authorizing rules', () => {
  const allow = (GroupId: string, ...IpPermissions: IpPermission[]) =>
    aws.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));

  test('all new rules are answered', async () => {
    const group = await newGroup(true);
    const { SecurityGroupRules } = await allow(group, ssh, all6);
    expect(SecurityGroupRules).toHaveLength(2);
  });

  test('a present rule is a duplicate, and the call fails whole', async () => {
    const group = await newGroup(true);
    await allow(group, ssh);
    await expect(allow(group, all6, ssh)).rejects.toMatchObject({
      name: 'InvalidPermission.Duplicate',
    });
    expect((await rules(group)).ingress).toBe(1);
    await expect(
      aws.ec2.send(
        new AuthorizeSecurityGroupEgressCommand({ GroupId: group, IpPermissions: [all4] }),
      ),
    ).rejects.toMatchObject({ name: 'InvalidPermission.Duplicate' });
  });

  test('a CIDR block is kept in canonical form, which tells duplicates', async () => {
    const group = await newGroup();
    const from = (CidrIp: string, CidrIpv6: string) => ({
      IpProtocol: '-1',
      IpRanges: [{ CidrIp }],
      Ipv6Ranges: [{ CidrIpv6 }],
    });
    await allow(group, from('100.68.0.18/18', '2001:DB8:0::1/64'));
    const shown = await describeGroup(group);
    expect(shown.IpPermissions).toMatchObject([from('100.68.0.0/18', '2001:db8::/64')]);
    await expect(allow(group, from('100.68.0.1/18', 'fd00::/8'))).rejects.toMatchObject({
      name: 'InvalidPermission.Duplicate',
    });
    await aws.ec2.send(
      new RevokeSecurityGroupIngressCommand({
        GroupId: group,
        IpPermissions: [from('100.68.0.2/18', '2001:db8::2/64')],
      }),
    );
    expect((await rules(group)).ingress).toBe(0);
  });

  test.each<[string, IpPermission]>([
    [
      'a long description',
      { ...ssh, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: long(256) }] },
    ],
    ['other letters', { ...ssh, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'naïve' }] }],
    ['no ports', { IpProtocol: 'tcp', IpRanges: [{ CidrIp: '10.0.0.0/8' }] }],
    ['ports the wrong way round', { ...ssh, FromPort: 23 }],
    ['no CIDR block', { ...ssh, IpRanges: [{ CidrIp: '10.0.0.0/33' }] }],
  ])('a rule with %s is refused', async (_, rule) => {
    const group = await newGroup();
    await expect(allow(group, rule)).rejects.toMatchObject({ name: 'InvalidParameterValue' });
    expect((await rules(group)).ingress).toBe(0);
  });

  test('a rule that names a group is the same with another description', async () => {
    const group = await newGroup();
    const fromItself = (Description: string): IpPermission => ({
      IpProtocol: '-1',
      UserIdGroupPairs: [{ GroupId: group, Description }],
    });
    await allow(group, fromItself('one'));
    await expect(allow(group, fromItself('two'))).rejects.toMatchObject({
      name: 'InvalidPermission.Duplicate',
    });
    await aws.ec2.send(
      new RevokeSecurityGroupIngressCommand({
        GroupId: group,
        IpPermissions: [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: group }] }],
      }),
    );
    expect((await rules(group)).ingress).toBe(0);
  });
});

test('groups are found by the groups that its rules name', async () => {
  const { vpcId } = await createNetwork(aws.ec2);
  const names = ['web', 'from web', 'to web', 'both'];
  const [web = '', fromWeb = '', toWeb = '', both = ''] = await Promise.all(
    names.map((name) => createGroup(aws.ec2, vpcId, name)),
  );
  const IpPermissions = [{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: web }] }];
  for (const GroupId of [fromWeb, both]) {
    await aws.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  }
  for (const GroupId of [toWeb, both]) {
    await aws.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }));
  }
  const found = async (Name: string, ...Values: string[]) => {
    const { SecurityGroups } = await aws.ec2.send(
      new DescribeSecurityGroupsCommand({ Filters: [{ Name, Values }] }),
    );
    return SecurityGroups?.map(({ GroupName }) => GroupName).toSorted();
  };
  expect(await found('ip-permission.group-id', web, 'sg-0')).toEqual(['both', 'from web']);
  expect(await found('egress.ip-permission.group-id', web)).toEqual(['both', 'to web']);
  expect(await found('ip-permission.group-id', both)).toEqual([]);
});
