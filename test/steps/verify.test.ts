import { DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSnapshotsCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { controlNames } from '../../src/case/control.ts';
import { verify } from '../../src/steps/verify.ts';
import { awsError, denied, throttled } from './aws-error.ts';
import { containedScene, controlIn, holdsOf } from './contained-scene.ts';
import { fakeAws } from './fake-aws.ts';
import {
  aBefore,
  aCase,
  anInterface,
  anIsolationGroup,
  anotherInterface,
  aTransitionGroup,
  everything,
  firstInterface,
  instanceId,
  isolationId,
  otherVpcId,
  transitionId,
  webGroup,
} from './sample-instance.ts';

describe('a contained instance', () => {
  it('is proven control by control, each with what was seen and when, all required but the trail', async () => {
    const { aws, run } = containedScene();
    const detail = await run();
    expect(holdsOf(detail)).toEqual(controlNames.map((name) => `${name} true`));
    expect(detail.cut).toBe('complete');
    for (const control of detail.proof) {
      // Anybody who may tag can take the trail away: told, not required.
      const required = control.control !== 'trail';
      expect(control).toMatchObject({ required, readAt: aws.clock.now().toISOString() });
      expect(control.observed).not.toBe('');
    }
  });

  it('is read once and nothing of it is changed', async () => {
    const { aws, run } = containedScene();
    await run();
    expect(aws.clock.elapsed).toBe(0);
    expect(aws.ec2).toHaveReceivedCommandTimes(DescribeInstancesCommand, 1);
    expect(aws.ec2).not.toHaveReceivedCommand(ModifyNetworkInterfaceAttributeCommand);
  });
});

describe('eni-groups and group-rules', () => {
  const outside = (groupIds: readonly string[], groups = [anIsolationGroup()]) =>
    containedScene({ instance: { networkInterfaces: [anInterface({ groupIds })] }, groups }).run();

  it('do not hold when an interface has its old group, which is named', async () => {
    const detail = await outside([webGroup]);
    expect(controlIn(detail, 'eni-groups')).toMatchObject({
      holds: false,
      observed: `${firstInterface} in ${webGroup}`,
    });
    expect(controlIn(detail, 'group-rules').holds).toBe(false);
  });

  it('do not hold when the old group stands beside the isolation group', async () => {
    expect(controlIn(await outside([isolationId, webGroup]), 'eni-groups').holds).toBe(false);
  });

  // threat C12
  it('do not hold for a group that only has the right tag', async () => {
    const detail = await outside([isolationId], [anIsolationGroup({ name: 'web' })]);
    expect(controlIn(detail, 'eni-groups').holds).toBe(false);
  });

  // threat B8
  it.each([
    ['account', { ownerId: '999999999999' }],
    ['VPC', { vpcId: otherVpcId }],
  ])('do not hold for a group of another %s', async (_what, change) => {
    const detail = await outside([isolationId], [anIsolationGroup(change)]);
    expect(controlIn(detail, 'eni-groups').holds).toBe(false);
  });

  // threat A3
  it('do not hold when somebody has opened the isolation group, IPv6 too; the rule is named', async () => {
    const open = anIsolationGroup({ rules: [everything('egress', '::/0')] });
    const detail = await outside([isolationId], [open]);
    expect(controlIn(detail, 'eni-groups').holds).toBe(true);
    expect(controlIn(detail, 'group-rules')).toMatchObject({
      holds: false,
      observed: `${isolationId} allows egress -1 all ::/0`,
    });
  });

  it('hold with the forensic access of the profile, and with nothing more', async () => {
    const rule = {
      direction: 'ingress',
      protocol: 'tcp',
      fromPort: 22,
      toPort: 22,
      peer: { kind: 'ipv4', cidr: '198.51.100.0/24' },
    } as const;
    const group = anIsolationGroup({ name: 'cordon-isolation-forensic', rules: [rule] });
    const settings = { isolationProfile: 'forensic', forensicCidrs: ['198.51.100.0/24'] } as const;
    const allowed = await containedScene({ groups: [group], settings }).run();
    expect(controlIn(allowed, 'group-rules').holds).toBe(true);
    const other = { ...settings, forensicCidrs: ['198.51.101.0/24'] };
    const tooMuch = await containedScene({ groups: [group], settings: other }).run();
    expect(controlIn(tooMuch, 'group-rules').holds).toBe(false);
  });

  it('call it by its name when an interface was left wide open in transition', async () => {
    const groups = [anIsolationGroup(), aTransitionGroup()];
    const detail = await outside([transitionId], groups);
    expect(controlIn(detail, 'eni-groups').holds).toBe(false);
    expect(controlIn(detail, 'eni-groups').observed).toContain('cordon-transition');
  });

  // threat G4
  it('do not claim an interface that nobody but AWS can move, and that is open', async () => {
    const managed = anotherInterface({ requesterManaged: true });
    const isolated = anInterface({ groupIds: [isolationId] });
    const { run } = containedScene({ instance: { networkInterfaces: [isolated, managed] } });
    const detail = await run();
    expect(detail.risks.map(({ risk }) => risk)).toContain('requester-managed-interface');
    expect(controlIn(detail, 'eni-groups').holds).not.toBe(true);
  });

  it('are unknown, not held, when the instance cannot be read', async () => {
    const { aws, run } = containedScene();
    aws.ec2.on(DescribeInstancesCommand).rejects(denied());
    const detail = await run();
    expect(controlIn(detail, 'eni-groups')).toMatchObject({
      holds: 'unknown',
      observed: expect.stringContaining('UnauthorizedOperation'),
    });
  });

  it('are unknown when the groups cannot be read', async () => {
    const { aws, run } = containedScene();
    aws.ec2.on(DescribeSecurityGroupsCommand).rejects(throttled());
    expect(controlIn(await run(), 'group-rules').holds).toBe('unknown');
  });
});

describe('what AWS does not show yet', () => {
  it('is looked at again before it is judged', async () => {
    const { aws, world, run } = containedScene();
    world.place(firstInterface, [webGroup]);
    void aws.clock.sleep(2_500).then(() => world.place(firstInterface, [isolationId]));
    const detail = await run();
    expect(controlIn(detail, 'eni-groups')).toMatchObject({
      holds: true,
      readAt: aws.clock.now().toISOString(),
    });
    expect(aws.clock.elapsed).toBe(3_000);
  });

  it('is not looked at for ever', async () => {
    const { aws, world, run } = containedScene();
    world.place(firstInterface, [webGroup]);
    expect(controlIn(await run(), 'eni-groups').holds).toBe(false);
    expect(aws.clock.elapsed).toBeLessThanOrEqual(10_000);
  });
});

describe('asg-membership', () => {
  const inState = (LifecycleState: string) => {
    const { aws, run } = containedScene();
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({
      AutoScalingInstances: [
        {
          InstanceId: instanceId,
          AutoScalingGroupName: 'web-asg',
          AvailabilityZone: 'eu-central-1a',
          HealthStatus: 'HEALTHY',
          ProtectedFromScaleIn: false,
          LifecycleState,
        },
      ],
    });
    return run();
  };

  it.each(['Detaching', 'Standby'])('holds in %s', async (state) => {
    expect(controlIn(await inState(state), 'asg-membership').holds).toBe(true);
  });

  // threat B11
  it.each([
    ['InService', 'auto-scaling-may-terminate'],
    ['Pending', 'auto-scaling-may-terminate'],
    ['Terminating', 'termination-under-way'],
  ])('does not hold in %s', async (state, risk) => {
    const detail = await inState(state);
    expect(controlIn(detail, 'asg-membership')).toMatchObject({
      holds: false,
      observed: `${state} in web-asg`,
    });
    expect(detail.risks.map((one) => one.risk)).toContain(risk);
  });

  it('is unknown when denied, and the risk is told', async () => {
    const { aws, run } = containedScene();
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).rejects(awsError('AccessDenied'));
    const detail = await run();
    expect(controlIn(detail, 'asg-membership').holds).toBe('unknown');
    expect(detail.risks.map(({ risk }) => risk)).toContain('auto-scaling-unread');
  });
});

describe('a control that cannot be read', () => {
  it('does not take the others with it', async () => {
    const { aws, run } = containedScene();
    aws.ec2.on(DescribeSnapshotsCommand).rejects(denied());
    const lines = holdsOf(await run());
    expect(lines).toContain('snapshots unknown');
    expect(lines.filter((line) => !line.endsWith(' true'))).toHaveLength(1);
  });

  it('is unknown for each attribute that is denied', async () => {
    const { aws, run } = containedScene();
    aws.ec2.on(DescribeInstanceAttributeCommand).rejects(denied());
    expect(holdsOf(await run()).filter((line) => line.endsWith('unknown'))).toEqual([
      'termination-protection unknown',
      'stop-protection unknown',
      'shutdown-behavior unknown',
    ]);
  });

  it('is unknown for targets when one group of several could not be read', async () => {
    const { aws, run } = containedScene({ balancing: { groups: [{ name: 'web', targets: [] }] } });
    aws.loadBalancingV2.on(DescribeTargetHealthCommand).rejects(throttled());
    expect(controlIn(await run(), 'targets').holds).toBe('unknown');
  });
});

it('a dry run proves nothing and reads nothing', async () => {
  const aws = fakeAws();
  const input = { case: aCase({ dryRun: true }), before: aBefore() };
  expect(await verify(aws.deps, input)).toEqual({ outcome: 'planned', detail: {} });
  expect(aws.ec2).not.toHaveReceivedAnyCommand();
});
