import {
  DescribeAutoScalingInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { DescribeLoadBalancersCommand } from '@aws-sdk/client-elastic-load-balancing';
import { DescribeTargetHealthCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Membership } from '../../src/case/before.ts';
import type { DetachDetail } from '../../src/case/details.ts';
import { DetachRefusedError } from '../../src/case/errors.ts';
import { detachAutoScaling } from '../../src/steps/detach-auto-scaling.ts';
import { awsError, throttled } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeLoadBalancing } from './fake-load-balancing.ts';
import {
  aBefore,
  aCase,
  aMembership,
  anInstance,
  aRegistration,
  instanceId,
  targetGroupArn,
} from './sample-instance.ts';

const scene = (change: Partial<Membership> = {}) => {
  const aws = fakeAws();
  const balancing = new FakeLoadBalancing(aws, {
    groups: [
      { name: 'web', targets: [{ id: instanceId, port: 80 }] },
      { name: 'api', targets: [{ id: instanceId, port: 8080 }] },
    ],
    classic: { 'old-web': [instanceId] },
  });
  aws.autoScaling.on(DetachInstancesCommand).resolves({ Activities: [] });
  const lifecycle = (LifecycleState: string | undefined) =>
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({
      AutoScalingInstances:
        LifecycleState === undefined
          ? []
          : [
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
  lifecycle('InService');
  const membership = aMembership({
    targetGroupArns: [targetGroupArn('web'), targetGroupArn('api')],
    loadBalancerNames: ['old-web'],
    ...change,
  });
  const before = aBefore({ autoScaling: { known: true, membership } });
  const run = async (dryRun = false) => {
    const input = { case: aCase({ dryRun }), before };
    const { outcome, detail } = await detachAutoScaling(aws.deps, input);
    return { outcome, detail: detail as DetachDetail };
  };
  return { aws, balancing, lifecycle, run };
};

const notPart = () =>
  awsError(
    'ValidationError',
    `The instance ${instanceId} is not part of Auto Scaling group web-asg.`,
  );

describe('an instance of an Auto Scaling group', () => {
  it('is detached, and the group keeps its capacity, so that a replacement starts', async () => {
    const { aws, run } = scene();
    expect((await run()).outcome).toBe('done');
    expect(aws.autoScaling).toHaveReceivedCommandExactlyOnceWith(DetachInstancesCommand, {
      AutoScalingGroupName: 'web-asg',
      InstanceIds: [instanceId],
      ShouldDecrementDesiredCapacity: false,
    });
  });

  it('has its registrations read, and logged, before the detach takes them away', async () => {
    const { aws, run } = scene();
    let loggedBefore = '';
    aws.autoScaling.on(DetachInstancesCommand).callsFake(async () => {
      loggedBefore = JSON.stringify(aws.log.line('before detach')?.fields);
      return {};
    });
    const { detail } = await run();
    const registrations = [
      aRegistration({ viaAutoScaling: true }),
      aRegistration({ targetGroupArn: targetGroupArn('api'), port: 8080, viaAutoScaling: true }),
    ];
    expect(detail).toEqual({
      groupName: 'web-asg',
      left: 'detach',
      targets: registrations,
      loadBalancers: ['old-web'],
    });
    expect(loggedBefore).toContain(JSON.stringify(registrations));
  });

  it('is detached from Standby as well', async () => {
    expect((await scene({ lifecycleState: 'Standby' }).run()).outcome).toBe('done');
  });

  it('is detached all the same when its registrations cannot be read; they are named', async () => {
    const { aws, run } = scene();
    aws.loadBalancingV2
      .on(DescribeTargetHealthCommand, { TargetGroupArn: targetGroupArn('api') })
      .rejects(throttled());
    aws.loadBalancing.on(DescribeLoadBalancersCommand).rejects(awsError('AccessDenied'));
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(detail.targets.map((one) => one.targetGroupArn)).toEqual([targetGroupArn('web')]);
    expect(detail.unread).toContain(targetGroupArn('api'));
    expect(detail.unread).toContain('AccessDenied');
  });

  // fault O14
  it('is detached after two seconds, before health checks act, though its load balancers never answer', async () => {
    const { aws, run } = scene();
    aws.loadBalancingV2.on(DescribeTargetHealthCommand).callsFake(() => new Promise(() => {}));
    let detachedAfter: number | undefined;
    aws.autoScaling.on(DetachInstancesCommand).callsFake(async () => {
      detachedAfter = aws.clock.elapsed;
      return { Activities: [] };
    });
    const { outcome } = await run();
    expect(outcome).toBe('done');
    expect(detachedAfter).toBe(2_000);
  });
});

describe('an instance that the group has let go', () => {
  it('needs nothing when it is in no group', async () => {
    const aws = fakeAws();
    const result = await detachAutoScaling(aws.deps, { case: aCase(), before: aBefore() });
    expect(result.outcome).toBe('not-applicable');
    expect(aws.autoScaling).not.toHaveReceivedAnyCommand();
  });

  it('needs nothing when it is detaching already', async () => {
    const { aws, run } = scene({ lifecycleState: 'Detaching' });
    expect((await run()).outcome).toBe('already');
    expect(aws.autoScaling).not.toHaveReceivedCommand(DetachInstancesCommand);
  });

  it('is fine when AWS says that it is not part of the group', async () => {
    const { aws, run } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(notPart());
    expect(await run()).toMatchObject({
      outcome: 'already',
      detail: { targets: [{ targetGroupArn: targetGroupArn('web') }, {}] },
    });
  });

  it('is fine when the answer was lost and the group shows it as detaching', async () => {
    const { aws, lifecycle, run } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(awsError('TimeoutError'));
    lifecycle('Detaching');
    expect((await run()).outcome).toBe('already');
  });
});

describe('an instance that the group keeps', () => {
  it('is refused with the words of AWS, so that a person can act', async () => {
    const { aws, lifecycle, run } = scene();
    lifecycle('Pending');
    aws.autoScaling
      .on(DetachInstancesCommand)
      .rejects(awsError('ValidationError', `The instance ${instanceId} is not in InService.`));
    const running = run();
    await expect(running).rejects.toThrow(DetachRefusedError);
    await expect(running).rejects.toThrow(/web-asg keeps .* is not in InService/);
  });

  it('is put on standby when another change of the group does not end', async () => {
    const { aws, run } = scene();
    aws.autoScaling
      .on(DetachInstancesCommand)
      .rejects(awsError('ResourceContentionFault', 'You already have a pending update', 500));
    aws.autoScaling.on(EnterStandbyCommand).resolves({});
    expect(await run()).toMatchObject({ outcome: 'done', detail: { left: 'standby' } });
  });

  it('is told with the words of each refusal when no way out of the group is allowed', async () => {
    const { aws, run } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(awsError('AccessDenied', 'no detach'));
    aws.autoScaling.on(EnterStandbyCommand).rejects(awsError('AccessDenied', 'no standby'));
    aws.autoScaling.on(SuspendProcessesCommand).rejects(awsError('AccessDenied', 'no suspend'));
    const running = run();
    await expect(running).rejects.toMatchObject({ name: 'DetachRefusedError' });
    await expect(running).rejects.toThrow(/no detach.*no standby.*no suspend/);
  });

  it('is never reported as in no group when membership could not be read', async () => {
    const aws = fakeAws();
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).rejects(awsError('AccessDenied', 'no'));
    const before = aBefore({ autoScaling: { known: false, why: 'AccessDenied: no' } });
    await expect(detachAutoScaling(aws.deps, { case: aCase(), before })).rejects.toThrow(
      /unknown.*AccessDenied/,
    );
  });
});

describe('a dry run', () => {
  it('detaches nothing and says that nobody can test it', async () => {
    const { aws, run } = scene();
    expect(await run(true)).toEqual({
      outcome: 'planned',
      detail: {
        calls: [
          {
            call: 'autoscaling:DetachInstances',
            resource: 'web-asg',
            before: `${instanceId} InService`,
            after: 'detached',
            permission: 'untested',
          },
        ],
      },
    });
    expect(aws.autoScaling).not.toHaveReceivedAnyCommand();
  });
});

it('a group with fifty target groups is read at once: the cut waits for the detach', async () => {
  const aws = fakeAws();
  const names = Array.from({ length: 50 }, (_, n) => `tg-${n}`);
  new FakeLoadBalancing(aws);
  aws.loadBalancingV2.on(DescribeTargetHealthCommand).callsFake(async () => {
    await aws.clock.sleep(100);
    return { TargetHealthDescriptions: [] };
  });
  aws.autoScaling.on(DetachInstancesCommand).resolves({});
  const membership = aMembership({ targetGroupArns: names.map(targetGroupArn) });
  const before = aBefore({ instance: anInstance(), autoScaling: { known: true, membership } });
  await detachAutoScaling(aws.deps, { case: aCase(), before });
  expect(aws.clock.elapsed).toBe(100);
});
