import { DescribeSecurityGroupsCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { readVpcs } from '../../src/aws/vpcs.ts';
import { denied } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';

const scene = (own?: string) => {
  const { ec2, deps } = fakeAws();
  ec2
    .on(DescribeSecurityGroupsCommand)
    .resolves({ SecurityGroups: own === undefined ? [] : [{ OwnerId: own }] });
  return { ec2, read: () => readVpcs(deps.clients.ec2) };
};

describe('the VPCs of the Region', () => {
  it('are read to the last page, with whether they have IPv6', async () => {
    const { ec2, read } = scene('111122223333');
    ec2
      .on(DescribeVpcsCommand)
      .resolvesOnce({ Vpcs: [{ VpcId: 'vpc-1' }], NextToken: 'more' })
      .resolves({
        Vpcs: [
          { VpcId: 'vpc-2', Ipv6CidrBlockAssociationSet: [{ Ipv6CidrBlock: '2a05:d014::/56' }] },
        ],
      });
    expect(await read()).toEqual([
      { id: 'vpc-1', ownAccountId: '111122223333', ipv6: false },
      { id: 'vpc-2', ownAccountId: '111122223333', ipv6: true },
    ]);
  });

  it('that another account shares have groups of one’s own, not of the owner', async () => {
    const { ec2, read } = scene('111122223333');
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: 'vpc-1', OwnerId: '999999999999' }] });
    expect((await read())[0]?.ownAccountId).toBe('111122223333');
  });

  it('are of their owner where no group says who asks', async () => {
    const { ec2, read } = scene();
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: 'vpc-1', OwnerId: '111122223333' }] });
    expect((await read())[0]?.ownAccountId).toBe('111122223333');
  });

  it('say who asks though the first page of groups is empty, as AWS may answer', async () => {
    const { ec2, read } = scene();
    ec2
      .on(DescribeSecurityGroupsCommand)
      .resolvesOnce({ SecurityGroups: [], NextToken: 'more' })
      .resolves({ SecurityGroups: [{ OwnerId: '111122223333' }] });
    ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [{ VpcId: 'vpc-1', OwnerId: '999999999999' }] });
    expect((await read())[0]?.ownAccountId).toBe('111122223333');
  });

  it('that cannot be listed are not taken for none', async () => {
    const { ec2, read } = scene('111122223333');
    ec2.on(DescribeVpcsCommand).rejects(denied());
    await expect(read()).rejects.toMatchObject({ name: 'UnauthorizedOperation' });
  });
});
