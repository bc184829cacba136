import {
  AssociateVpcCidrBlockCommand,
  CreateNetworkAclCommand,
  CreateNetworkAclEntryCommand,
  type CreateNetworkAclEntryCommandInput,
  CreateVpcCommand,
  DeleteNetworkAclEntryCommand,
  DescribeNetworkAclsCommand,
  DescribeVpcsCommand,
  type Filter,
  type NetworkAcl,
  paginateDescribeVpcs,
  ReplaceNetworkAclEntryCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, test } from 'vitest';
import { useEmulator } from '../fixture.ts';
import { createNetwork } from '../world.ts';

const aws = useEmulator();

const aclsWhere = async (Name: string, ...Values: string[]): Promise<NetworkAcl[]> => {
  const Filters: Filter[] = [{ Name, Values }];
  const { NetworkAcls } = await aws.ec2.send(new DescribeNetworkAclsCommand({ Filters }));
  return NetworkAcls ?? [];
};

const aclOf = async (subnetId: string): Promise<string> => {
  const [acl] = await aclsWhere('association.subnet-id', subnetId);
  return acl?.NetworkAclId ?? '';
};

/** `<` or `>` for the direction, the number, what it does and to what. */
const entriesOf = async (acl: string) => {
  const [found] = await aclsWhere('network-acl-id', acl);
  return found?.Entries?.map(
    ({ Egress, RuleNumber, RuleAction, CidrBlock, Ipv6CidrBlock }) =>
      `${Egress ? '>' : '<'} ${RuleNumber} ${RuleAction} ${CidrBlock ?? Ipv6CidrBlock}`,
  ).toSorted();
};

type Given = Partial<CreateNetworkAclEntryCommandInput>;

const entry = (NetworkAclId: string, given: Given) => ({
  NetworkAclId,
  RuleNumber: 1,
  Protocol: '-1',
  RuleAction: 'deny' as const,
  Egress: true,
  ...('Ipv6CidrBlock' in given ? {} : { CidrBlock: '10.0.1.5/32' }),
  ...given,
});

const create = (acl: string, given: Given = {}) =>
  aws.ec2.send(new CreateNetworkAclEntryCommand(entry(acl, given)));

const remove = (NetworkAclId: string, RuleNumber: number, more: { DryRun?: boolean } = {}) =>
  aws.ec2.send(
    new DeleteNetworkAclEntryCommand({ NetworkAclId, RuleNumber, Egress: true, ...more }),
  );

const own = [
  '< 100 allow 0.0.0.0/0',
  '< 32767 deny 0.0.0.0/0',
  '> 100 allow 0.0.0.0/0',
  '> 32767 deny 0.0.0.0/0',
];

const ownForIpv6 = [
  ...own,
  '< 101 allow ::/0',
  '< 32768 deny ::/0',
  '> 101 allow ::/0',
  '> 32768 deny ::/0',
];

describe('a network ACL', () => {
  test('that a VPC comes with allows everything, and denies the rest', async () => {
    const { vpcId, subnetId } = await createNetwork(aws.ec2);
    const [acl] = await aclsWhere('vpc-id', vpcId);
    expect(acl).toMatchObject({ IsDefault: true, Associations: [{ SubnetId: subnetId }] });
    expect(await entriesOf(acl?.NetworkAclId ?? '')).toEqual(own);
    expect(await aclsWhere('association.subnet-id', subnetId, 'subnet-0')).toHaveLength(1);
  });

  test('has entries for IPv6 where the VPC has', async () => {
    const { subnetId } = await createNetwork(aws.ec2, { ipv6: true });
    expect(await entriesOf(await aclOf(subnetId))).toEqual(ownForIpv6.toSorted());
  });

  test('gets them with the IPv6 block, but none that allow when its entries were changed', async () => {
    const [plain, changed] = [await createNetwork(aws.ec2), await createNetwork(aws.ec2)];
    await create(await aclOf(changed.subnetId));
    for (const { vpcId } of [plain, changed]) {
      await aws.ec2.send(
        new AssociateVpcCidrBlockCommand({ VpcId: vpcId, AmazonProvidedIpv6CidrBlock: true }),
      );
    }
    expect(await entriesOf(await aclOf(plain.subnetId))).toEqual(ownForIpv6.toSorted());
    expect(await entriesOf(await aclOf(changed.subnetId))).not.toContain('> 101 allow ::/0');
  });

  test('that is made by a call denies everything', async () => {
    const { vpcId } = await createNetwork(aws.ec2);
    const { NetworkAcl } = await aws.ec2.send(new CreateNetworkAclCommand({ VpcId: vpcId }));
    expect(await entriesOf(NetworkAcl?.NetworkAclId ?? '')).toEqual([
      '< 32767 deny 0.0.0.0/0',
      '> 32767 deny 0.0.0.0/0',
    ]);
  });

  test('that is not there is not found', async () => {
    await expect(
      aws.ec2.send(new DescribeNetworkAclsCommand({ NetworkAclIds: ['acl-0123456789abcdef0'] })),
    ).rejects.toMatchObject({ name: 'InvalidNetworkAclID.NotFound' });
  });
});

describe('an entry', () => {
  let acl: string;
  const newAcl = async () => {
    acl = await aclOf((await createNetwork(aws.ec2, { ipv6: true })).subnetId);
  };

  test('is added per direction, in canonical form, and taken away', async () => {
    await newAcl();
    await create(acl, { CidrBlock: '100.68.0.18/18' });
    await create(acl, { Egress: false, Ipv6CidrBlock: '2001:DB8::1/64' });
    expect(await entriesOf(acl)).toEqual(
      [...ownForIpv6, '> 1 deny 100.68.0.0/18', '< 1 deny 2001:db8::/64'].toSorted(),
    );
    await aws.ec2.send(new ReplaceNetworkAclEntryCommand(entry(acl, { CidrBlock: '10.0.0.0/8' })));
    expect(await entriesOf(acl)).toContain('> 1 deny 10.0.0.0/8');
    await remove(acl, 1);
    expect(await entriesOf(acl)).toEqual([...ownForIpv6, '< 1 deny 2001:db8::/64'].toSorted());
  });

  test('changes nothing in a dry run', async () => {
    await newAcl();
    await expect(create(acl, { DryRun: true })).rejects.toMatchObject({ name: 'DryRunOperation' });
    expect(await entriesOf(acl)).toEqual(ownForIpv6.toSorted());
    await create(acl);
    await expect(remove(acl, 1, { DryRun: true })).rejects.toMatchObject({
      name: 'DryRunOperation',
    });
    expect(await entriesOf(acl)).toContain('> 1 deny 10.0.1.5/32');
  });

  test('has a number of its own in its direction', async () => {
    await newAcl();
    await create(acl);
    await create(acl, { Egress: false });
    const taken = { name: 'NetworkAclEntryAlreadyExists' };
    await expect(create(acl)).rejects.toMatchObject(taken);
    await expect(create(acl, { DryRun: true })).rejects.toMatchObject(taken);
  });

  test.each<[string, Given]>([
    ['InvalidParameterValue', { RuleNumber: 0 }],
    ['InvalidParameterValue', { RuleNumber: 32_767 }],
    ['InvalidParameterValue', { CidrBlock: '10.0.0.0/33' }],
    ['InvalidParameterCombination', { CidrBlock: '0.0.0.0/0', Ipv6CidrBlock: '::/0' }],
    ['MissingParameter', { CidrBlock: undefined }],
    ['MissingParameter', { Protocol: '6' }],
  ])('is refused with %s: %j', async (name, given) => {
    await newAcl();
    await expect(create(acl, given)).rejects.toMatchObject({ name });
  });

  test('that is not there is not found', async () => {
    await newAcl();
    await expect(remove(acl, 1)).rejects.toMatchObject({ name: 'InvalidNetworkAclEntry.NotFound' });
    await expect(remove('acl-0123456789abcdef0', 1)).rejects.toMatchObject({
      name: 'InvalidNetworkAclID.NotFound',
    });
  });

  test('is one of at most 20 per direction and family, the last entry included', async () => {
    await newAcl();
    for (let number = 1; number <= 18; number++) await create(acl, { RuleNumber: number });
    const tooMany = { name: 'NetworkAclEntryLimitExceeded' };
    await expect(create(acl, { RuleNumber: 19 })).rejects.toMatchObject(tooMany);
    await create(acl, { RuleNumber: 19, Egress: false });
    await create(acl, { RuleNumber: 19, Ipv6CidrBlock: '2001:db8::/64' });
    await aws.emulator.quotas({ rulesPerNetworkAcl: 21 });
    await create(acl, { RuleNumber: 20 });
    await expect(create(acl, { RuleNumber: 21 })).rejects.toMatchObject(tooMany);
  });
});

test('VPCs come in pages', async () => {
  const made = await Promise.all(
    Array.from({ length: 7 }, () =>
      aws.ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' })),
    ),
  );
  const sizes: number[] = [];
  const seen: (string | undefined)[] = [];
  for await (const { Vpcs } of paginateDescribeVpcs({ client: aws.ec2, pageSize: 5 }, {})) {
    sizes.push(Vpcs?.length ?? 0);
    seen.push(...(Vpcs ?? []).map(({ VpcId }) => VpcId));
  }
  expect(sizes).toEqual([5, 3]);
  expect(seen).toEqual(expect.arrayContaining(made.map(({ Vpc }) => Vpc?.VpcId)));
  expect((await aws.ec2.send(new DescribeVpcsCommand({}))).NextToken).toBeUndefined();
  await expect(aws.ec2.send(new DescribeVpcsCommand({ MaxResults: 4 }))).rejects.toMatchObject({
    name: 'InvalidParameterValue',
  });
  await expect(
    aws.ec2.send(new DescribeVpcsCommand({ NextToken: 'unknown' })),
  ).rejects.toMatchObject({ name: 'InvalidNextToken' });
});
