import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeSecurityGroupsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { SecurityGroup } from '../../src/case/security-group.ts';
import { describe as describeStep } from '../../src/steps/describe.ts';
import { throttled } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import {
  aCase,
  anInstance,
  anInterface,
  anIsolationGroup,
  anotherInterface,
  aTransitionGroup,
  caseId,
  everything,
  instanceId,
  isolationId,
  otherVpcId,
  region,
  transitionId,
  vpcId,
  webGroup,
} from './sample-instance.ts';

const firstCase = `20260228T2310Z-${instanceId}`;
const isolated = anInterface({ groupIds: [isolationId] });

const scene = (
  networkInterfaces = [isolated],
  groups: readonly SecurityGroup[] = [anIsolationGroup(), aTransitionGroup()],
  tagged = firstCase,
  settings: Parameters<typeof fakeAws>[0] = {},
) => {
  const aws = fakeAws(settings);
  const tags: Record<string, string> = tagged === '' ? {} : { 'cordon:case': tagged };
  new FakeEc2(aws, { instance: anInstance({ networkInterfaces, tags }), groups });
  aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
  aws.autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
  const run = async () => {
    const input = { instanceId, region, case: aCase() };
    const { before, case: theCase } = (await describeStep(aws.deps, input)).detail;
    return { repeat: before.repeat, caseId: theCase.caseId, before };
  };
  return { aws, run };
};

describe('an instance whose every interface is in the closed isolation group', () => {
  it('is of the case that isolated it, whose id it keeps', async () => {
    expect(await scene().run()).toMatchObject({ repeat: true, caseId: firstCase });
  });

  it('is so under a group that took the place of a tampered one', async () => {
    const second = anIsolationGroup({ name: 'cordon-isolation-full-2' });
    expect(await scene([isolated], [second]).run()).toMatchObject({ repeat: true });
  });

  it('is so with an interface that AWS manages and nobody can move', async () => {
    const managed = anotherInterface({ requesterManaged: true });
    expect(await scene([isolated, managed]).run()).toMatchObject({ repeat: true });
  });

  it('is so after somebody has stopped and started it: AWS dates the launch anew each time', async () => {
    const aws = fakeAws();
    const tags = { 'cordon:case': firstCase };
    const launchedAt = '2026-03-01T01:00:00.000Z';
    const instance = anInstance({ networkInterfaces: [isolated], tags, launchedAt });
    new FakeEc2(aws, { instance, groups: [anIsolationGroup()] });
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
    aws.autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
    const { detail } = await describeStep(aws.deps, { instanceId, region, case: aCase() });
    expect(detail.before.repeat).toBe(true);
    expect(detail.case.caseId).toBe(firstCase);
  });

  // threat C2
  it.each([
    ['names another instance', '20260228T2310Z-i-00000000000000099'],
    ['has no form', 'closed-by-security-team'],
    ['hides the form in more', `x 20260228T2310Z-${instanceId}`],
    ['is missing', ''],
  ])('gets a new id when the tag %s', async (_how, tagged) => {
    const { run } = scene([isolated], undefined, tagged);
    expect(await run()).toMatchObject({ repeat: true, caseId });
  });
});

type Found = Record<string, [ReturnType<typeof anInterface>[], SecurityGroup[]]>;

describe('an instance that is not isolated any more, with an interface in a group of Cordon’s', () => {
  const cases: Found = {
    'one interface is still in its own group': [
      [isolated, anotherInterface()],
      [anIsolationGroup()],
    ],
    'another group stands beside the isolation group': [
      [anInterface({ groupIds: [isolationId, webGroup] })],
      [anIsolationGroup()],
    ],
    'the group lets something in': [
      [isolated],
      [anIsolationGroup({ rules: [everything('ingress', '0.0.0.0/0')] })],
    ],
    'the group lets IPv6 out': [
      [isolated],
      [anIsolationGroup({ rules: [everything('egress', '::/0')] })],
    ],
    'it stands in the transition group': [
      [anInterface({ groupIds: [transitionId] })],
      [anIsolationGroup(), aTransitionGroup()],
    ],
  };

  // fault B1
  it.each(Object.entries(cases))('is of its open case, and no repeat: %s', async (_why, found) => {
    const { run } = scene(...found);
    expect(await run()).toMatchObject({ repeat: false, caseId: firstCase });
  });
});

describe('an instance that only looks isolated', () => {
  const cases: Found = {
    'the group has the tag and another name': [[isolated], [anIsolationGroup({ name: 'web' })]],
    'the group has a name that only begins like it': [
      [isolated],
      [anIsolationGroup({ name: 'cordon-isolation-full-backdoor' })],
    ],
    'the group belongs to another account': [
      [isolated],
      [anIsolationGroup({ ownerId: '999999999999' })],
    ],
    'the group is of another VPC': [[isolated], [anIsolationGroup({ vpcId: otherVpcId })]],
    'it has no interface at all': [[], [anIsolationGroup()]],
  };

  // threat B8, C1
  it.each(Object.entries(cases))('is no repeat: %s', async (_why, [interfaces, groups]) => {
    // The attacker has written the tag of a case, so that Cordon believes to have been here.
    const { run } = scene(interfaces, groups);
    expect(await run()).toMatchObject({ repeat: false, caseId });
  });
});

describe('the groups of Cordon', () => {
  it('are handed on with the rules as read; those of other accounts are not', async () => {
    const foreign = anIsolationGroup({ id: 'sg-00000000000000f01', ownerId: '999999999999' });
    const { before } = await scene([isolated], [anIsolationGroup(), foreign]).run();
    expect(before.groups).toEqual([{ ...anIsolationGroup(), vpcId, rules: [] }]);
  });

  it('are not taken for absent when AWS was too busy to list them', async () => {
    const { aws, run } = scene();
    aws.ec2.on(DescribeSecurityGroupsCommand).rejects(throttled());
    // An isolated instance that is taken for a new one loses the originals in its tags, gets a
    // second set of snapshots and is opened again.
    const result = await run().catch((error: unknown) => error);
    expect(result).not.toMatchObject({ repeat: false });
  });
});
