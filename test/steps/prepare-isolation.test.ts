import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Before } from '../../src/case/before.ts';
import type { PrepareDetail } from '../../src/case/details.ts';
import type { SecurityGroup } from '../../src/case/security-group.ts';
import { prepareIsolation } from '../../src/steps/prepare-isolation.ts';
import { awsError, denied } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import {
  aBefore,
  aCase,
  accountId,
  anInstance,
  anInterface,
  anIsolationGroup,
  anotherInterface,
  aTransitionGroup,
  everything,
  firstInterface,
  isolationId,
  otherVpcId,
  secondInterface,
  transitionId,
  vpcId,
} from './sample-instance.ts';

interface Scene {
  readonly settings?: Parameters<typeof fakeAws>[0];
  readonly groups?: readonly SecurityGroup[];
  readonly ipv6Vpcs?: readonly string[];
  readonly interfaces?: Before['instance']['networkInterfaces'];
}

const scene = ({ settings = {}, groups = [], ipv6Vpcs = [], interfaces }: Scene = {}) => {
  const aws = fakeAws(settings);
  const instance = anInstance({ networkInterfaces: interfaces ?? [anInterface()] });
  const world = new FakeEc2(aws, { instance, groups, ipv6Vpcs });
  const before = aBefore({ instance, groups });
  const run = async () => {
    const { outcome, detail } = await prepareIsolation(aws.deps, { case: aCase(), before });
    return { outcome, detail: detail as PrepareDetail };
  };
  return { aws, world, run };
};

const isolationIn = ({ groups }: PrepareDetail, interfaceId = firstInterface): string =>
  groups[interfaceId]?.isolation[0] ?? 'none';

const revokedEgress = (family: 'ipv4' | 'ipv6') => ({
  IpPermissions: [
    family === 'ipv4'
      ? { IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }
      : { IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  ],
});

describe('an account that has never had a case', () => {
  it('gets an isolation group without a rule and a transition group that lets all through', async () => {
    const { world, run } = scene({ ipv6Vpcs: [vpcId] });
    const { outcome, detail } = await run();
    const { isolation: [isolation = ''] = [], transition = '' } =
      detail.groups[firstInterface] ?? {};
    expect(outcome).toBe('done');
    expect(isolation).toBe(world.groups.named('cordon-isolation-full', vpcId));
    expect(transition).toBe(world.groups.named('cordon-transition', vpcId));
    expect(world.groups.rules(isolation)).toEqual([]);
    expect(world.groups.rules(transition).toSorted()).toEqual([
      'egress -1 - - 0.0.0.0/0',
      'egress -1 - - ::/0',
      'ingress -1 - - 0.0.0.0/0',
      'ingress -1 - - ::/0',
    ]);
    expect(world.tagsOf(isolation)).toEqual({ 'cordon:role': 'isolation' });
    expect(world.tagsOf(transition)).toEqual({ 'cordon:role': 'transition' });
  });

  it('has the IPv4 and the IPv6 default egress revoked each by its own call, ingress never', async () => {
    const { aws, world, run } = scene({ ipv6Vpcs: [vpcId] });
    await run();
    const GroupId = world.groups.named('cordon-isolation-full') ?? '';
    for (const family of ['ipv4', 'ipv6'] as const) {
      expect(aws.ec2).toHaveReceivedCommandWith(RevokeSecurityGroupEgressCommand, {
        GroupId,
        ...revokedEgress(family),
      });
    }
    expect(aws.ec2).toHaveReceivedCommandTimes(RevokeSecurityGroupEgressCommand, 2);
    expect(aws.ec2).not.toHaveReceivedCommandWith(AuthorizeSecurityGroupIngressCommand, {
      GroupId,
    });
  });

  it('is fine in a VPC without IPv6, where AWS refuses to revoke the IPv6 rule', async () => {
    const { world, run } = scene({ ipv6Vpcs: [] });
    const { detail } = await run();
    expect(world.groups.rules(isolationIn(detail))).toEqual([]);
  });

  it('is fine when a default egress rule was not there', async () => {
    const { aws, world, run } = scene({ ipv6Vpcs: [vpcId] });
    aws.ec2
      .on(RevokeSecurityGroupEgressCommand, revokedEgress('ipv6'))
      .rejects(awsError('InvalidPermission.NotFound'));
    aws.ec2.on(DescribeSecurityGroupsCommand).callsFake(async ({ GroupIds }) => ({
      SecurityGroups: [
        {
          GroupId: GroupIds?.[0],
          GroupName: 'cordon-isolation-full',
          VpcId: vpcId,
          OwnerId: '111122223333',
        },
      ],
    }));
    const { detail } = await run();
    expect(isolationIn(detail)).toBe(world.groups.named('cordon-isolation-full'));
  });

  it('does not take a group for closed before it was read back and found so', async () => {
    const { aws, run } = scene({ settings: { connectionCut: 'none' } });
    // AWS says yes to every revoke, and the rule stays.
    aws.ec2.on(RevokeSecurityGroupEgressCommand).resolves({ Return: true });
    await expect(run()).rejects.toThrow(/isolation group/);
  });

  it('waits while AWS does not know the new group yet', async () => {
    const { aws, world, run } = scene({ settings: { connectionCut: 'none' } });
    aws.ec2
      .on(RevokeSecurityGroupEgressCommand, revokedEgress('ipv4'))
      .rejectsOnce(awsError('InvalidGroup.NotFound'))
      .rejectsOnce(awsError('InvalidGroup.NotFound'))
      .callsFake(async ({ GroupId }) => {
        world.groups.close(GroupId);
        return { Return: true };
      });
    const { detail } = await run();
    expect(world.groups.rules(isolationIn(detail))).toEqual([]);
    expect(aws.clock.elapsed).toBeGreaterThan(0);
  });

  // threat G6
  it('uses the group of another case that was first by a moment', async () => {
    const { aws, world, run } = scene({ settings: { connectionCut: 'none' } });
    aws.ec2.on(CreateSecurityGroupCommand).callsFake(async () => {
      // The other has made it, but has not taken the default egress away yet.
      world.groups.add(anIsolationGroup({ rules: [everything('egress', '0.0.0.0/0')] }));
      throw awsError('InvalidGroup.Duplicate');
    });
    const { detail } = await run();
    expect(isolationIn(detail)).toBe(isolationId);
    expect(world.groups.rules(isolationId)).toEqual([]);
  });

  it('makes no transition group where connections are not to be cut', async () => {
    const { world, run } = scene({ settings: { connectionCut: 'none' } });
    const { detail } = await run();
    expect(detail.groups[firstInterface]).toEqual({
      isolation: [world.groups.named('cordon-isolation-full')],
    });
    expect(world.groups.named('cordon-transition')).toBeUndefined();
  });
});

describe('an account that has Cordon groups from an earlier case', () => {
  it('needs no call but the tags of the interfaces and of the instance, and reads them beside', async () => {
    const { aws, run } = scene({ groups: [anIsolationGroup(), aTransitionGroup()] });
    const { detail } = await run();
    expect(detail.groups).toEqual({
      [firstInterface]: { isolation: [isolationId], transition: transitionId },
    });
    expect(aws.ec2.calls()).toHaveLength(3);
    expect(aws.ec2).toHaveReceivedCommandTimes(DescribeNetworkInterfacesCommand, 1);
    expect(aws.ec2).toHaveReceivedCommandTimes(CreateTagsCommand, 2);
  });

  // threat B10
  it('gets the missing role tag back, which the policy of the isolating function asks for', async () => {
    const { role: _isolation, ...isolation } = anIsolationGroup();
    const { role: _transition, ...transition } = aTransitionGroup();
    const { world, run } = scene({ groups: [isolation, transition] });
    await run();
    expect(world.tagsOf(isolationId)).toEqual({ 'cordon:role': 'isolation' });
    expect(world.tagsOf(transitionId)).toEqual({ 'cordon:role': 'transition' });
  });

  it('gets the rules of a narrowed transition group back', async () => {
    const narrowed = aTransitionGroup({ rules: [everything('egress', '0.0.0.0/0')] });
    const { world, run } = scene({ groups: [anIsolationGroup(), narrowed] });
    const { detail } = await run();
    expect(detail.groups[firstInterface]?.transition).toBe(transitionId);
    expect(world.groups.rules(transitionId)).toHaveLength(4);
  });

  // threat B8
  it('never takes a group of the same name that belongs to somebody else', async () => {
    const foreign = anIsolationGroup({ ownerId: '999999999999' });
    const { aws, run } = scene({ groups: [foreign], settings: { connectionCut: 'none' } });
    const running = run().catch(() => undefined);
    const result = await running;
    expect(result?.detail.groups[firstInterface]?.isolation).not.toContain(isolationId);
    expect(aws.ec2).toHaveReceivedCommand(CreateSecurityGroupCommand);
  });
});

describe('a shared VPC in which another owner uses the names', () => {
  const foreign = [
    anIsolationGroup({ ownerId: '999999999999' }),
    aTransitionGroup({ ownerId: '999999999999' }),
  ];

  // fault O15
  it('has groups of its own, named with its account', async () => {
    const { world, run } = scene({ groups: foreign });
    const { detail } = await run();
    const { isolation, transition } = detail.groups[firstInterface] ?? {};
    expect(isolation).toEqual([world.groups.named(`cordon-isolation-full-${accountId}`)]);
    expect(transition).toBe(world.groups.named(`cordon-transition-${accountId}`));
    expect(isolation).not.toContain(isolationId);
  });

  // fault O15
  it('finds them again, and makes no second ones', async () => {
    const own = [
      anIsolationGroup({
        id: 'sg-00000000000000e01',
        name: `cordon-isolation-full-${accountId}`,
      }),
      aTransitionGroup({ id: 'sg-00000000000000e02', name: `cordon-transition-${accountId}` }),
    ];
    const { aws, run } = scene({ groups: [...foreign, ...own] });
    const { detail } = await run();
    expect(detail.groups[firstInterface]).toEqual({
      isolation: ['sg-00000000000000e01'],
      transition: 'sg-00000000000000e02',
    });
    expect(aws.ec2).not.toHaveReceivedCommand(CreateSecurityGroupCommand);
  });

  // fault O15
  it('has groups of its own though EC2 does not show the other owner’s', async () => {
    const { aws, world, run } = scene({ settings: { connectionCut: 'none' } });
    aws.ec2
      .on(CreateSecurityGroupCommand, { GroupName: 'cordon-isolation-full' })
      .rejects(awsError('InvalidGroup.Duplicate'));
    const { detail } = await run();
    expect(isolationIn(detail)).toBe(world.groups.named(`cordon-isolation-full-${accountId}`));
  });
});

describe('an instance with interfaces in two VPCs', () => {
  const interfaces = [anInterface(), anotherInterface({ vpcId: otherVpcId })];

  it('gets groups in both', async () => {
    const { world, run } = scene({ interfaces });
    const { detail } = await run();
    const [first, second] = [vpcId, otherVpcId].map((vpc) =>
      world.groups.named('cordon-isolation-full', vpc),
    );
    expect(isolationIn(detail)).toBe(first);
    expect(isolationIn(detail, secondInterface)).toBe(second);
    expect(first).not.toBe(second);
  });

  it('is isolated in the one when the other VPC lets no group be made', async () => {
    const { aws, run } = scene({ interfaces });
    aws.ec2.on(CreateSecurityGroupCommand, { VpcId: otherVpcId }).rejects(denied());
    const { detail } = await run();
    expect(Object.keys(detail.groups)).toEqual([firstInterface]);
    expect(aws.log.line('a VPC has no isolation group')?.level).toBe('error');
  });

  it('fails, and says why, when neither VPC has a group', async () => {
    const { aws, run } = scene({ interfaces });
    aws.ec2.on(CreateSecurityGroupCommand).rejects(denied());
    await expect(run()).rejects.toMatchObject({ name: 'AwsDeniedError' });
  });
});

describe('a Region that has as many groups as its quota allows', () => {
  // fault S3
  it('is told with what can help: making the same group again cannot', async () => {
    const { aws, run } = scene();
    aws.ec2.on(CreateSecurityGroupCommand).rejects(awsError('SecurityGroupLimitExceeded', 'Full.'));
    await expect(run()).rejects.toMatchObject({
      name: 'GroupQuotaError',
      message: expect.stringMatching(/SecurityGroupLimitExceeded.*Delete a security group/),
    });
  });
});

describe('a transition group that cannot be had', () => {
  it('does not cost the isolation; the risk is told', async () => {
    const { aws, run } = scene();
    aws.ec2.on(CreateSecurityGroupCommand, { GroupName: 'cordon-transition' }).rejects(denied());
    const { detail } = await run();
    expect(detail.groups[firstInterface]?.isolation).toHaveLength(1);
    expect(detail.groups[firstInterface]?.transition).toBeUndefined();
    expect(detail.risks.map(({ risk }) => risk)).toEqual(['transition-failed']);
  });
});
