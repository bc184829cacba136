import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  DescribeManagedPrefixListsCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  type IpPermission,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createGroup, createNetwork } from '../world.ts';

const aws = useEmulator();

const all4: IpPermission = { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] };
const all6: IpPermission = { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] };

const newGroup = async () => {
  const { vpcId } = await createNetwork(aws.ec2);
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

const long = (characters: number): string => 'x'.repeat(characters);

describe('a rule that names a prefix list', () => {
  const toList = (PrefixListId: string, Description?: string): IpPermission => ({
    IpProtocol: 'tcp',
    FromPort: 443,
    ToPort: 443,
    PrefixListIds: [{ PrefixListId, Description }],
  });

  const allow = (GroupId: string, ...IpPermissions: IpPermission[]) =>
    aws.ec2.send(new AuthorizeSecurityGroupEgressCommand({ GroupId, IpPermissions }));

  const s3List = async () => {
    const { PrefixLists } = await aws.ec2.send(
      new DescribeManagedPrefixListsCommand({
        Filters: [{ Name: 'prefix-list-name', Values: ['com.amazonaws.us-east-1.s3'] }],
      }),
    );
    return PrefixLists?.[0]?.PrefixListId ?? '';
  };

  test('is authorized, shown and revoked', async () => {
    const group = await newGroup();
    await revoke(group, all4);
    const list = await s3List();
    const { SecurityGroupRules } = await allow(group, toList(list, 'to S3'));
    expect(SecurityGroupRules).toMatchObject([{ PrefixListId: list, Description: 'to S3' }]);
    expect((await describeGroup(group)).IpPermissionsEgress).toMatchObject([toList(list, 'to S3')]);
    const { SecurityGroupRules: listed } = await aws.ec2.send(
      new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [group] }] }),
    );
    expect(listed).toMatchObject([{ PrefixListId: list, Description: 'to S3', IsEgress: true }]);
    await revoke(group, toList(list));
    expect((await describeGroup(group)).IpPermissionsEgress).toEqual([]);
    await expect(revoke(group, toList(list))).rejects.toMatchObject({
      name: 'InvalidPermission.NotFound',
    });
  });

  test('names one that exists', async () => {
    const group = await newGroup();
    await expect(allow(group, toList('pl-0123456789abcdef0'))).rejects.toMatchObject({
      name: 'InvalidPrefixListID.NotFound',
    });
  });

  test('weighs as much as the list may hold', async () => {
    const group = await newGroup();
    const { PrefixList } = await aws.ec2.send(
      new CreateManagedPrefixListCommand({
        PrefixListName: 'analysts',
        AddressFamily: 'IPv4',
        MaxEntries: 60,
      }),
    );
    const large = toList(PrefixList?.PrefixListId ?? '');
    await expect(allow(group, large)).rejects.toMatchObject({
      name: 'RulesPerSecurityGroupLimitExceeded',
    });
    await revoke(group, all4);
    await allow(group, large);
  });
});

describe('quotas', () => {
  const tooMany = { name: 'RulesPerSecurityGroupLimitExceeded' };
  const ports = (count: number, range: Partial<IpPermission>): IpPermission[] =>
    Array.from({ length: count }, (_, n) => ({
      IpProtocol: 'tcp',
      FromPort: n,
      ToPort: n,
      ...range,
    }));

  test('60 rules per direction and address family', async () => {
    const group = await newGroup();
    const allow = (IpPermissions: IpPermission[]) =>
      aws.ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId: group, IpPermissions }));
    await allow(ports(60, { IpRanges: [{ CidrIp: '10.0.0.0/8' }] }));
    await expect(allow([all4])).rejects.toMatchObject(tooMany);
    await expect(
      allow([{ IpProtocol: '-1', UserIdGroupPairs: [{ GroupId: group }] }]),
    ).rejects.toMatchObject(tooMany);
    await allow(ports(60, { Ipv6Ranges: [{ CidrIpv6: 'fd00::/8' }] }));
    await expect(allow([all6])).rejects.toMatchObject(tooMany);
    await aws.ec2.send(
      new AuthorizeSecurityGroupEgressCommand({
        GroupId: group,
        IpPermissions: ports(59, { IpRanges: [{ CidrIp: '10.0.0.0/8' }] }),
      }),
    );
    await aws.emulator.quotas({ rulesPerSecurityGroup: 61 });
    await allow([all4]);
  });

  test('as many groups as the account may have', async () => {
    const { vpcId } = await createNetwork(aws.ec2);
    const { SecurityGroups } = await aws.ec2.send(new DescribeSecurityGroupsCommand({}));
    await aws.emulator.quotas({ securityGroups: (SecurityGroups?.length ?? 0) + 1 });
    await createGroup(aws.ec2, vpcId, 'last');
    await expect(createGroup(aws.ec2, vpcId, 'one too many')).rejects.toMatchObject({
      name: 'SecurityGroupLimitExceeded',
    });
    await aws.emulator.quotas({ securityGroups: 2500 });
    await createGroup(aws.ec2, vpcId, 'one more');
  });
});

describe('a group', () => {
  const create = async (GroupName: string, Description: string) => {
    const { vpcId } = await createNetwork(aws.ec2);
    return aws.ec2.send(new CreateSecurityGroupCommand({ GroupName, Description, VpcId: vpcId }));
  };

  test('has a name and a description of at most 255 characters of those allowed', async () => {
    await create(long(255), long(255));
    await create('a', 'a-zA-Z0-9. _-:/()#,@[]+=&;{}!$*');
    for (const [name = '', description = ''] of [
      [long(256), 'd'],
      ['naïve', 'd'],
      ['sg-group', 'd'],
      ['n', long(256)],
      ['n', 'a – b'],
      ['n', "it's"],
    ]) {
      await expect(create(name, description)).rejects.toMatchObject({
        name: 'InvalidParameterValue',
      });
    }
  });
});
