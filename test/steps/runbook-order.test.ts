import { DetachInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  CreateSnapshotsCommand,
  CreateTagsCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it, vi } from 'vitest';
import type { StepName } from '../../src/case/step.ts';
import { denied } from './aws-error.ts';
import { runbookScene } from './runbook-scene.ts';
import { anIsolationGroup, aTransitionGroup, firstInterface, vpcId } from './sample-instance.ts';

/** Waits for as long as a busy machine may need. */
const seen = (what: () => void) => vi.waitFor(what, { timeout: 60_000 });

const never = () => new Promise(() => {});

/** Begins a run that a hanging call keeps from its end, and notes which steps have ended. */
const begin = (scene: ReturnType<typeof runbookScene>): readonly StepName[] => {
  const ended: StepName[] = [];
  void scene.run({}, { watcher: { began: () => {}, ended: ({ step }) => ended.push(step) } });
  return ended;
};

const isolated = ({ world }: ReturnType<typeof runbookScene>) => [
  world.groups.named('cordon-isolation-full', vpcId),
];

describe('the cut', () => {
  // fault A7
  it('waits for no answer of the Auto Scaling group, and is told without it', async () => {
    const scene = runbookScene({ autoScalingGroup: 'web-asg' });
    scene.aws.autoScaling.on(DetachInstancesCommand).callsFake(never);
    begin(scene);
    await seen(() => expect(scene.subjects[0]).toContain('ISOLATED'));
    expect(scene.world.groupsOf(firstInterface)).toEqual(isolated(scene));
  });

  // fault A7
  it('waits for no answer about the snapshots, the protection and the load balancers', async () => {
    const scene = runbookScene();
    scene.aws.ec2SingleAttempt.on(CreateSnapshotsCommand).callsFake(never);
    scene.aws.ec2.on(ModifyInstanceAttributeCommand).callsFake(never);
    scene.aws.loadBalancingV2.on(DeregisterTargetsCommand).callsFake(never);
    begin(scene);
    await seen(() => expect(scene.subjects[0]).toContain('ISOLATED'));
  });

  // fault O13
  it('is followed by what cuts further although the message hangs', async () => {
    const scene = runbookScene();
    scene.aws.sns.on(PublishCommand).callsFake(never);
    const ended = begin(scene);
    await seen(() => expect(ended).toContain('reinforce-cut'));
    expect(scene.world.groupsOf(firstInterface)).toEqual(isolated(scene));
  });

  // fault A7
  it('that could not be made is told at once, whatever else hangs', async () => {
    const scene = runbookScene();
    scene.aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).rejects(denied());
    scene.aws.ec2SingleAttempt.on(CreateSnapshotsCommand).callsFake(never);
    begin(scene);
    await seen(() => expect(scene.subjects[0]).toContain('NOT CONTAINED'));
  });

  it('that could not be made at first is tried on with patience, and told again', async () => {
    const scene = runbookScene({ groups: [anIsolationGroup(), aTransitionGroup()] });
    let tried = 0;
    scene.aws.ec2.on(ModifyNetworkInterfaceAttributeCommand).callsFake(async ({ Groups }) => {
      if (Groups === undefined) return {};
      tried += 1;
      // Opened, isolated, and isolated without being opened.
      if (tried <= 3) throw denied();
      scene.world.place(firstInterface, Groups);
      return {};
    });
    const report = await scene.run();
    expect(report.status).toBe('partial');
    expect(scene.subjects.map((subject) => subject.split(' i-')[0])).toEqual([
      '[Cordon] NOT CONTAINED',
      '[Cordon] ISOLATED, OLD CONNECTIONS MAY LIVE',
    ]);
  });
});

describe('what was before', () => {
  // fault B1
  it('is in the tags of an interface before anything is changed', async () => {
    const scene = runbookScene({ autoScalingGroup: 'web-asg' });
    const order: string[] = [];
    const note = (name: string) => async () => {
      order.push(name);
      return {};
    };
    scene.aws.ec2.on(CreateTagsCommand, { Resources: [firstInterface] }).callsFake(note('tags'));
    scene.aws.ec2.on(ModifyInstanceAttributeCommand).callsFake(note('change'));
    scene.aws.autoScaling.on(DetachInstancesCommand).callsFake(note('change'));
    scene.aws.loadBalancingV2.on(DeregisterTargetsCommand).callsFake(note('change'));
    await scene.run();
    expect(order[0]).toBe('tags');
    expect(order).toContain('change');
  });
});
