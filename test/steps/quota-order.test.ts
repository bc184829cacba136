import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  CreateTagsCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { PrepareDetail } from '../../src/case/details.ts';
import { prepareIsolation } from '../../src/steps/prepare-isolation.ts';
import { awsError } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import {
  aBefore,
  aCase,
  anInstance,
  anInterface,
  anotherInterface,
  firstInterface,
  webGroup,
} from './sample-instance.ts';

const never = () => new Promise(() => {});

const scene = (interfaces = [anInterface()]) => {
  const aws = fakeAws();
  const instance = anInstance({ networkInterfaces: interfaces });
  const world = new FakeEc2(aws, { instance, groups: [] });
  const before = aBefore({ instance, groups: [] });
  const run = async () =>
    (await prepareIsolation(aws.deps, { case: aCase(), before })).detail as PrepareDetail;
  const made = (): readonly (string | undefined)[] =>
    aws.ec2.commandCalls(CreateSecurityGroupCommand).map(({ args }) => args[0].input.GroupName);
  return { aws, world, run, made };
};

const quotaOf = (limit: number, { aws, world }: ReturnType<typeof scene>) => {
  let count = 0;
  const original = aws.ec2.on(CreateSecurityGroupCommand);
  original.callsFake(async ({ GroupName, VpcId }) => {
    count += 1;
    if (count > limit) throw awsError('SecurityGroupLimitExceeded');
    const id = `sg-0000000000000fe0${count}`;
    const owner = { ownerId: '111122223333', vpcId: VpcId, rules: [], id, name: GroupName };
    world.groups.add(owner);
    return { GroupId: id };
  });
};

describe('a quota that leaves room for one more group', () => {
  // fault O4
  it('goes to the isolation group, and the cut is made without a transition', async () => {
    const it = scene();
    quotaOf(1, it);
    const { groups, risks } = await it.run();
    expect(it.made()).toEqual(['cordon-isolation-full', 'cordon-transition']);
    expect(groups[firstInterface]?.isolation).toHaveLength(1);
    expect(groups[firstInterface]?.transition).toBeUndefined();
    expect(risks.map(({ risk }) => risk)).toContain('transition-failed');
  });

  // fault O4
  it('of two VPCs makes both isolation groups before any transition group', async () => {
    const elsewhere = { ...anotherInterface(), vpcId: 'vpc-0000000000000000b' };
    const it = scene([anInterface(), elsewhere]);
    await it.run();
    expect(it.made()).toEqual([
      'cordon-isolation-full',
      'cordon-isolation-full',
      'cordon-transition',
      'cordon-transition',
    ]);
  });
});

describe('a lesser call of the preparation that is never answered', () => {
  // fault A7
  it('costs the tags, and says that only the log has what was before', async () => {
    const { aws, run } = scene();
    aws.ec2.on(CreateTagsCommand).callsFake(never);
    const { groups, risks } = await run();
    expect(groups[firstInterface]?.isolation).toHaveLength(1);
    expect(risks.map(({ risk }) => risk)).toContain('undo-from-log-only');
    expect(aws.clock.elapsed).toBe(3_000);
  });

  // fault A7
  it('costs the transition group', async () => {
    const { aws, run } = scene();
    aws.ec2.on(AuthorizeSecurityGroupIngressCommand).callsFake(never);
    const { groups } = await run();
    expect(groups[firstInterface]?.isolation).toHaveLength(1);
    expect(groups[firstInterface]?.transition).toBeUndefined();
    expect(aws.clock.elapsed).toBe(3_000);
  });

  // fault O2
  it('costs the reading of the interfaces, which isolate makes up for', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeNetworkInterfacesCommand).callsFake(never);
    aws.ec2.on(DescribeInstancesCommand).callsFake(never);
    const detail = await run();
    expect(detail.groupsNow).toBeUndefined();
    expect(detail.groups[firstInterface]?.isolation).toHaveLength(1);
  });
});

describe('half an answer', () => {
  // fault A8
  it('to the making of a group is followed by a second try, which finds the group', async () => {
    const { aws, world, run } = scene();
    let asked = 0;
    const real = aws.ec2.on(CreateSecurityGroupCommand, { GroupName: 'cordon-isolation-full' });
    real.callsFake(async ({ GroupName, VpcId }) => {
      asked += 1;
      if (asked > 1) throw awsError('InvalidGroup.Duplicate');
      world.groups.add({
        id: 'sg-0000000000000fe01',
        name: GroupName,
        vpcId: VpcId,
        ownerId: '111122223333',
        rules: [],
        role: 'isolation',
      });
      return {};
    });
    expect((await run()).groups[firstInterface]?.isolation).toEqual(['sg-0000000000000fe01']);
  });

  // fault A8
  it('to a rule of the transition group is no rule: it is added again', async () => {
    const { aws, world, run } = scene();
    let asked = 0;
    aws.ec2.on(AuthorizeSecurityGroupIngressCommand).callsFake(async (input) => {
      asked += 1;
      return asked === 1 ? {} : world.groups.allow(input, 'ingress');
    });
    const { groups } = await run();
    const { transition = 'none' } = groups[firstInterface] ?? {};
    expect(
      world.groups.rules(transition).filter((rule) => rule.startsWith('ingress')),
    ).toHaveLength(2);
    expect(webGroup).not.toBe(transition);
  });
});
