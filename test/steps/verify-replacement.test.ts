import type { AutoScalingGroup, Instance as Member } from '@aws-sdk/client-auto-scaling';
import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Before, Membership } from '../../src/case/before.ts';
import type { StepEntry } from '../../src/case/step.ts';
import { awsError, denied } from './aws-error.ts';
import { containedScene } from './contained-scene.ts';
import { aMembership, instanceId } from './sample-instance.ts';

const fresh = 'i-00000000000000077';
const neighbour = 'i-00000000000000099';

const memberOf = (InstanceId: string): Member => ({
  InstanceId,
  AvailabilityZone: 'eu-central-1a',
  LifecycleState: 'InService',
  HealthStatus: 'Healthy',
  ProtectedFromScaleIn: false,
});

const groupOf = (...ids: string[]): AutoScalingGroup => ({
  AutoScalingGroupName: 'web-asg',
  MinSize: 1,
  MaxSize: 3,
  DesiredCapacity: 2,
  DefaultCooldown: 300,
  AvailabilityZones: [],
  HealthCheckType: 'ELB',
  CreatedTime: new Date(0),
  Instances: ids.map(memberOf),
});

/** The instance was in a group with one neighbour; the group is now as given. */
const scene = (change: Partial<Membership> = {}, before: Partial<Before> = {}) => {
  const membership = aMembership({ instanceIds: [instanceId, neighbour], ...change });
  const contained = containedScene({
    before: { autoScaling: { known: true, membership }, ...before },
  });
  const now = (...ids: string[]) =>
    contained.aws.autoScaling
      .on(DescribeAutoScalingGroupsCommand)
      .resolves({ AutoScalingGroups: [groupOf(...ids)] });
  now(neighbour, fresh);
  const replacement = async (more: Parameters<typeof contained.run>[0] = {}) =>
    (await contained.run(more)).risks.find(({ risk }) => risk === 'replacement-from-same-template');
  return { ...contained, now, replacement };
};

describe('who takes the place of the instance in its Auto Scaling group', () => {
  it('is named, because it is made of what the attacker may have come in by', async () => {
    const { explanation = '' } = (await scene().replacement()) ?? {};
    expect(explanation).toContain(fresh);
    expect(explanation).not.toContain(neighbour);
    expect(explanation).toContain('same template');
  });

  it('comes in a moment where it is not there yet', async () => {
    const { now, replacement } = scene();
    now(neighbour);
    expect((await replacement())?.explanation).toContain('in a moment');
  });

  it('is nobody where the group may launch nothing, which leaves the service one short', async () => {
    const { now, replacement } = scene({ suspendedProcesses: ['Launch'] });
    now(neighbour);
    const risk = await replacement();
    expect(risk?.explanation).toMatch(/Launch .* is suspended: nothing replaces the instance/);
    expect(risk?.remedy).toContain('Resume Launch');
  });

  it('is not named where nobody could read the members, nor does verify fail', async () => {
    const { aws, run, replacement } = scene();
    aws.autoScaling.on(DescribeAutoScalingGroupsCommand).rejects(denied());
    const required = (await run()).proof.filter((one) => one.required);
    expect(required.every(({ holds }) => holds === true)).toBe(true);
    expect((await replacement())?.explanation).not.toContain('i-');
    expect(aws.log.text).toContain('members of the Auto Scaling group could not be read');
  });

  it('is not guessed where the members before were not known', async () => {
    const { instanceIds: _ids, ...membership } = aMembership();
    const autoScaling = { known: true, membership } as const;
    const { replacement } = scene({}, { autoScaling });
    expect((await replacement())?.explanation).not.toContain('i-');
  });

  it('is no news where the group is gone, or the instance was in none', async () => {
    const { aws, replacement } = scene({}, { autoScaling: { known: true } });
    expect(await replacement()).toBeUndefined();
    expect(aws.autoScaling).not.toHaveReceivedCommand(DescribeAutoScalingGroupsCommand);
  });

  it('is no news of a repeat, which has not taken it out', async () => {
    expect(await scene({}, { repeat: true }).replacement()).toBeUndefined();
  });

  const detached = (change: Partial<StepEntry>): StepEntry => ({
    step: 'detach-auto-scaling',
    outcome: 'done',
    startedAt: '2026-03-01T03:07:00.000Z',
    finishedAt: '2026-03-01T03:07:01.000Z',
    detail: { groupName: 'web-asg', targets: [], loadBalancers: [], left: 'detach' },
    ...change,
  });

  it('is told by the detach, and by standby as well', async () => {
    for (const left of ['detach', 'standby']) {
      const steps = [detached({ detail: { targets: [], loadBalancers: [], left } })];
      expect((await scene().replacement({ steps }))?.explanation).toContain(fresh);
    }
  });

  it.each([
    ['keeps it and may terminate nothing', { detail: { left: 'suspended' } }],
    ['goes on with it, because it serves', { outcome: 'skipped' }],
    ['refused to let it go', { outcome: 'failed', detail: {} }],
  ] as const)(
    'is nobody in a group that %s: no replacement is announced',
    async (_what, change) => {
      const { now, replacement } = scene();
      now(instanceId, neighbour);
      expect((await replacement({ steps: [detached(change)] }))?.explanation ?? '').not.toMatch(
        /replaces the instance (?:in a moment|by)/,
      );
    },
  );
});

describe('targets of VPC Lattice', () => {
  it('are a risk: Cordon does not read them back', async () => {
    const { run } = scene({ latticeTargetGroups: ['arn:lattice-1', 'arn:lattice-2'] });
    const risk = (await run()).risks.find((one) => one.risk === 'vpc-lattice-targets');
    expect(risk?.explanation).toContain('arn:lattice-1, arn:lattice-2');
    expect(risk?.remedy).toContain('aws vpc-lattice list-targets');
  });

  it('are none where the group has none', async () => {
    const { risks } = await scene().run();
    expect(risks.map(({ risk }) => risk)).not.toContain('vpc-lattice-targets');
  });
});

describe('a group that keeps the instance and may terminate nothing', () => {
  it('has its own risk, told by the detach, and not a second one', async () => {
    const { aws, run } = scene();
    aws.autoScaling.onAnyCommand().rejects(awsError('AccessDenied'));
    const detail = { targets: [], loadBalancers: [], left: 'suspended' };
    const steps: StepEntry[] = [
      {
        step: 'detach-auto-scaling',
        outcome: 'done',
        startedAt: '2026-03-01T03:07:00.000Z',
        finishedAt: '2026-03-01T03:07:01.000Z',
        detail,
      },
    ];
    const risks = (await run({ steps })).risks.map(({ risk }) => risk);
    expect(risks).not.toContain('auto-scaling-may-terminate');
    expect(risks).not.toContain('auto-scaling-unread');
  });
});
