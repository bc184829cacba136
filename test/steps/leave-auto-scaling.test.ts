import {
  DescribeAutoScalingInstancesCommand,
  DetachInstancesCommand,
  EnterStandbyCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Membership } from '../../src/case/before.ts';
import type { DetachDetail, PlanDetail } from '../../src/case/details.ts';
import { servingReason } from '../../src/case/isolation-profile.ts';
import { detachAutoScaling } from '../../src/steps/detach-auto-scaling.ts';
import { awsError, denied, lostAnswer, throttled } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeLoadBalancing } from './fake-load-balancing.ts';
import { aBefore, aCase, aMembership, instanceId } from './sample-instance.ts';

const refused = (words: string) => awsError('ValidationError', words);
const notInService = () => refused(`The instance ${instanceId} is not in InService or Standby.`);

interface Scene {
  readonly mode?: 'detach' | 'standby';
  readonly membership?: Partial<Membership>;
  readonly settings?: Parameters<typeof fakeAws>[0];
}

/** A group that lets the instance go by whatever it is asked; tests make it refuse. */
const scene = ({ mode = 'detach', membership = {}, settings = {} }: Scene = {}) => {
  const aws = fakeAws({ detachMode: mode, ...settings });
  new FakeLoadBalancing(aws);
  const { autoScaling } = aws;
  let state: string | undefined = membership.lifecycleState ?? 'InService';
  const become = (next: string | undefined) => {
    state = next;
  };
  autoScaling.on(DescribeAutoScalingInstancesCommand).callsFake(async () => ({
    AutoScalingInstances:
      state === undefined
        ? []
        : [{ InstanceId: instanceId, AutoScalingGroupName: 'web-asg', LifecycleState: state }],
  }));
  autoScaling.on(DetachInstancesCommand).callsFake(async () => {
    become('Detaching');
    return {};
  });
  autoScaling.on(EnterStandbyCommand).callsFake(async () => {
    become('EnteringStandby');
    return {};
  });
  autoScaling.on(SuspendProcessesCommand).resolves({});
  const before = aBefore({ autoScaling: { known: true, membership: aMembership(membership) } });
  const run = async (dryRun = false) => {
    const result = await detachAutoScaling(aws.deps, { case: aCase({ dryRun }), before });
    return { outcome: result.outcome, detail: result.detail as DetachDetail };
  };
  /** The changes that the group was asked for, in order. */
  const asked = () =>
    autoScaling
      .calls()
      .map(({ args }) => args[0].constructor.name.replace(/Command$/, ''))
      .filter((name) => !name.startsWith('Describe'));
  return { aws, run, become, asked };
};

describe('an instance that its group is terminating', () => {
  // fault C7
  it.each(['Terminating', 'Terminating:Wait', 'Terminating:Proceed', 'Warmed:Terminating:Wait'])(
    'costs the other members nothing (%s): what will happen is told, and when',
    async (lifecycleState) => {
      const { run, asked } = scene({ membership: { lifecycleState } });
      const { outcome, detail } = await run();
      expect(outcome).toBe('skipped');
      expect(asked()).toEqual([]);
      const risk = detail.risks?.find((one) => one.risk === 'termination-under-way');
      expect(risk?.explanation).toContain(lifecycleState);
      expect(risk?.remedy.includes('record-lifecycle-action-heartbeat')).toBe(
        lifecycleState.endsWith(':Wait'),
      );
    },
  );

  // fault C7
  it('suspends nothing either where that began while it was to leave', async () => {
    const { aws, run, become, asked } = scene();
    aws.autoScaling.on(DetachInstancesCommand).callsFake(async () => {
      become('Terminating');
      throw notInService();
    });
    aws.autoScaling.on(EnterStandbyCommand).rejects(notInService());
    const { outcome, detail } = await run();
    expect(outcome).toBe('skipped');
    expect(asked()).not.toContain('SuspendProcesses');
    expect(detail.risks?.map(({ risk }) => risk)).toContain('termination-under-way');
  });

  it('can leave where the group has retained it', async () => {
    const { run, asked } = scene({ membership: { lifecycleState: 'Terminating:Retained' } });
    expect((await run()).outcome).toBe('done');
    expect(asked()).toEqual(['DetachInstances']);
  });
});

describe('with DetachMode standby', () => {
  it('the instance is put on standby, and the group keeps its capacity', async () => {
    const { aws, run, asked } = scene({ mode: 'standby' });
    expect(await run()).toMatchObject({ outcome: 'done', detail: { left: 'standby' } });
    expect(aws.autoScaling).toHaveReceivedCommandExactlyOnceWith(EnterStandbyCommand, {
      AutoScalingGroupName: 'web-asg',
      InstanceIds: [instanceId],
      ShouldDecrementDesiredCapacity: false,
    });
    expect(asked()).toEqual(['EnterStandby']);
  });

  it.each(['Standby', 'EnteringStandby', 'Detaching', 'Detached'])(
    'an instance that is %s needs nothing',
    async (lifecycleState) => {
      const { run, asked } = scene({ mode: 'standby', membership: { lifecycleState } });
      expect((await run()).outcome).toBe('already');
      expect(asked()).toEqual([]);
    },
  );

  it('is fine when the answer was lost and the group shows it as entering standby', async () => {
    const { aws, run, become } = scene({ mode: 'standby' });
    aws.autoScaling.on(EnterStandbyCommand).callsFake(async () => {
      become('EnteringStandby');
      throw lostAnswer();
    });
    expect(await run()).toMatchObject({ outcome: 'already', detail: { left: 'standby' } });
  });

  it('never detaches: the group is kept from terminating where standby is refused', async () => {
    const { aws, run, asked } = scene({ mode: 'standby' });
    aws.autoScaling.on(EnterStandbyCommand).rejects(notInService());
    expect(await run()).toMatchObject({ outcome: 'done', detail: { left: 'suspended' } });
    expect(asked()).toEqual(['EnterStandby', 'SuspendProcesses']);
  });

  it('a dry run says that nobody can test it, and asks for nothing', async () => {
    const { run, asked } = scene({ mode: 'standby' });
    const { detail } = await run(true);
    expect((detail as unknown as PlanDetail).calls).toEqual([
      {
        call: 'autoscaling:EnterStandby',
        resource: 'web-asg',
        before: `${instanceId} InService`,
        after: 'Standby',
        permission: 'untested',
      },
    ]);
    expect(asked()).toEqual([]);
  });
});

describe('a group that does not detach the instance', () => {
  it('may put it on standby instead', async () => {
    const { aws, run, asked } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(denied());
    expect(await run()).toMatchObject({ outcome: 'done', detail: { left: 'standby' } });
    expect(asked()).toEqual(['DetachInstances', 'EnterStandby']);
  });

  it('is fine where the instance stands by already, by whomever', async () => {
    const { aws, run, asked } = scene({ membership: { lifecycleState: 'Standby' } });
    aws.autoScaling.on(DetachInstancesCommand).rejects(denied());
    expect((await run()).outcome).toBe('already');
    expect(asked()).toEqual(['DetachInstances']);
  });

  it('nor puts it on standby is kept from terminating anything, which is told as a risk', async () => {
    const { aws, run } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(notInService());
    aws.autoScaling.on(EnterStandbyCommand).rejects(refused('no standby here'));
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(detail).toMatchObject({
      left: 'suspended',
      suspendedProcesses: ['ReplaceUnhealthy', 'Terminate'],
    });
    expect(aws.autoScaling).toHaveReceivedCommandExactlyOnceWith(SuspendProcessesCommand, {
      AutoScalingGroupName: 'web-asg',
      ScalingProcesses: ['ReplaceUnhealthy', 'Terminate'],
    });
    expect(detail.risks?.[0]?.risk).toBe('auto-scaling-suspended');
    expect(detail.risks?.[0]?.explanation).toMatch(/not in InService.*no standby here/);
  });

  it.each([
    [['Terminate'], ['ReplaceUnhealthy']],
    [['ReplaceUnhealthy', 'AZRebalance'], ['Terminate']],
    [['Launch'], ['ReplaceUnhealthy', 'Terminate']],
  ])('of which %j was suspended has only %j suspended by Cordon', async (former, ours) => {
    const { aws, run } = scene({ membership: { suspendedProcesses: former } });
    aws.autoScaling.on(DetachInstancesCommand).rejects(notInService());
    aws.autoScaling.on(EnterStandbyCommand).rejects(notInService());
    expect((await run()).detail.suspendedProcesses).toEqual(ours);
    expect(aws.autoScaling).toHaveReceivedCommandExactlyOnceWith(SuspendProcessesCommand, {
      ScalingProcesses: ours,
    });
  });

  it('of which both were suspended is left as it is', async () => {
    const former = ['Terminate', 'ReplaceUnhealthy'];
    const { aws, run, asked } = scene({ membership: { suspendedProcesses: former } });
    aws.autoScaling.on(DetachInstancesCommand).rejects(notInService());
    aws.autoScaling.on(EnterStandbyCommand).rejects(notInService());
    expect((await run()).detail).toMatchObject({ left: 'suspended', suspendedProcesses: [] });
    expect(asked()).not.toContain('SuspendProcesses');
  });

  it('is never told to resume what somebody else had suspended', async () => {
    const { aws, run } = scene({ membership: { suspendedProcesses: ['Terminate'] } });
    aws.autoScaling.on(DetachInstancesCommand).rejects(notInService());
    aws.autoScaling.on(EnterStandbyCommand).rejects(notInService());
    const { remedy = '' } = (await run()).detail.risks?.[0] ?? {};
    expect(remedy).toContain('ReplaceUnhealthy');
    expect(remedy).not.toContain('Terminate');
  });

  it('and refuses everything is named with every refusal, and what to do by hand', async () => {
    const { aws, run } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(refused('no detach'));
    aws.autoScaling.on(EnterStandbyCommand).rejects(refused('no standby'));
    aws.autoScaling.on(SuspendProcessesCommand).rejects(denied());
    const running = run();
    await expect(running).rejects.toMatchObject({ name: 'DetachRefusedError' });
    await expect(running).rejects.toThrow(
      /web-asg.*detach: .*no detach.*standby: .*no standby.*suspend: Unauthorized.*by hand/,
    );
  });

  it('is logged with what it said, each time', async () => {
    const { aws, run } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(refused('no detach'));
    aws.autoScaling.on(EnterStandbyCommand).rejects(refused('no standby'));
    await run();
    const said = aws.log.lines.filter(({ level }) => level === 'error');
    const ways = said.flatMap(({ fields }) => fields.way ?? []);
    expect(ways).toEqual(['detach', 'standby']);
  });
});

describe('an instance refresh', () => {
  const risksOf = async (...scenes: Parameters<typeof scene>) => {
    const { aws, run } = scene(...scenes);
    return { aws, risks: async () => (await run()).detail.risks ?? [] };
  };

  // fault O16
  it.each([
    'ReplacingRootVolume',
    'ReplacingRootVolume:Wait',
    'ReplacingRootVolume:Proceed',
    'RootVolumeReplaced',
  ])(
    'that exchanges the root volume is told, with the command that stops it: %s',
    async (lifecycleState) => {
      const { risks } = await risksOf({ membership: { lifecycleState } });
      const [risk, ...more] = await risks();
      expect(more).toEqual([]);
      expect(risk?.risk).toBe('root-volume-replaced');
      expect(risk?.explanation).toContain(lifecycleState);
      expect(risk?.remedy).toContain(
        'aws autoscaling cancel-instance-refresh --auto-scaling-group-name web-asg',
      );
    },
  );

  // fault O16
  it('may still reach an instance that stands by, which is told', async () => {
    const { risks } = await risksOf({ mode: 'standby' });
    expect(await risks()).toMatchObject([{ risk: 'instance-refresh-may-replace' }]);
  });

  // fault O16
  it('may still reach an instance that the group keeps, which is told', async () => {
    const { aws, risks } = await risksOf();
    aws.autoScaling.on(DetachInstancesCommand).rejects(notInService());
    aws.autoScaling.on(EnterStandbyCommand).rejects(notInService());
    expect((await risks()).map(({ risk }) => risk)).toEqual([
      'auto-scaling-suspended',
      'instance-refresh-may-replace',
    ]);
  });

  // fault O16
  it('reaches no instance that was detached', async () => {
    const { risks } = await risksOf();
    expect(await risks()).toEqual([]);
  });
});

describe('an answer that did not come', () => {
  it('to the detach is a detach, when the group does not know the instance any more', async () => {
    const { aws, run, become, asked } = scene();
    aws.autoScaling.on(DetachInstancesCommand).callsFake(async () => {
      become(undefined);
      throw lostAnswer();
    });
    expect(await run()).toMatchObject({ outcome: 'already', detail: { left: 'detach' } });
    expect(asked()).toEqual(['DetachInstances']);
  });

  // fault O8
  it.each([
    ['was lost', lostAnswer],
    ['was throttled', throttled],
    ['met another change', () => awsError('ResourceContentionFault', 'pending update', 500)],
  ])('to the detach, because it %s, is worth the next way', async (_what, error) => {
    const { aws, run, asked } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(error());
    expect(await run()).toMatchObject({ outcome: 'done', detail: { left: 'standby' } });
    expect(asked()).toEqual(['DetachInstances', 'EnterStandby']);
  });

  // fault O8
  it('to the detach nor to the standby keeps the group from terminating', async () => {
    const { aws, run } = scene();
    const contention = () => awsError('ResourceContentionFault', 'pending update', 500);
    aws.autoScaling.on(DetachInstancesCommand).rejects(contention());
    aws.autoScaling.on(EnterStandbyCommand).rejects(contention());
    const { outcome, detail } = await run();
    expect([outcome, detail.left]).toEqual(['done', 'suspended']);
    expect(detail.risks?.[0]?.explanation).toMatch(/detach: .*pending.*standby: .*pending/);
  });

  // fault O8
  it('at all costs no more than the seconds before health checks act', async () => {
    const { aws, run, asked } = scene();
    const never = () => new Promise<never>(() => {});
    aws.autoScaling.on(DetachInstancesCommand).callsFake(never);
    aws.autoScaling.on(EnterStandbyCommand).callsFake(never);
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).callsFake(never);
    expect(await run()).toMatchObject({ outcome: 'done', detail: { left: 'suspended' } });
    expect(asked()).toEqual(['DetachInstances', 'EnterStandby', 'SuspendProcesses']);
    expect(aws.clock.elapsed).toBe(8_000);
  });

  // fault O8
  it('to a detach that took effect while the standby was asked for is a detach', async () => {
    const { aws, run, become } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(lostAnswer());
    aws.autoScaling.on(EnterStandbyCommand).callsFake(async () => {
      become('Detaching');
      throw notInService();
    });
    expect(await run()).toMatchObject({ outcome: 'already', detail: { left: 'detach' } });
  });

  it('nor could be asked for is not taken for a detach', async () => {
    const { aws, run } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(lostAnswer());
    aws.autoScaling.on(DescribeAutoScalingInstancesCommand).rejects(throttled());
    expect((await run()).detail.left).toBe('standby');
  });

  it.each([
    ['was lost', lostAnswer],
    ['was throttled', throttled],
    ['met another change', () => awsError('ResourceContentionFault', 'pending update', 500)],
  ])('to the last resort, because it %s, is worth another try', async (_what, error) => {
    const { aws, run } = scene();
    aws.autoScaling.on(DetachInstancesCommand).rejects(notInService());
    aws.autoScaling.on(EnterStandbyCommand).rejects(notInService());
    aws.autoScaling.on(SuspendProcessesCommand).rejects(error());
    await expect(run()).rejects.toMatchObject({ name: 'AwsUnavailableError' });
  });
});

describe('whatever the group is like', () => {
  it('its desired capacity is never lowered: the minimum size would refuse, or others go', async () => {
    const states = fc.constantFrom('InService', 'Standby', 'Pending', 'Terminating:Wait');
    const sizes = fc.nat(3).map((size) => ({ minimum: size, desired: size, maximum: size }));
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom('detach' as const, 'standby' as const),
        states,
        sizes,
        fc.boolean(),
        async (mode, lifecycleState, size, refuses) => {
          const { aws, run } = scene({ mode, membership: { lifecycleState, sizes: size } });
          if (refuses) aws.autoScaling.on(DetachInstancesCommand).rejects(notInService());
          await run();
          for (const { args } of aws.autoScaling.calls()) {
            const input: Record<string, unknown> = { ...args[0].input };
            if ('InstanceIds' in input && 'AutoScalingGroupName' in input) {
              expect(input.ShouldDecrementDesiredCapacity).toBe(false);
            }
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('a server that goes on serving stays in it, and it is said why', async () => {
    const { aws, run } = scene({ settings: { isolationProfile: 'egress-lockdown' } });
    expect(await run()).toEqual({
      outcome: 'skipped',
      detail: { targets: [], loadBalancers: [], because: servingReason },
    });
    expect(aws.autoScaling).not.toHaveReceivedAnyCommand();
  });
});
