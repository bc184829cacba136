import {
  DescribeAutoScalingGroupsCommand,
  ExitStandbyCommand,
  SuspendProcessesCommand,
} from '@aws-sdk/client-auto-scaling';
import { describe, expect, it } from 'vitest';
import { controlOf } from '../../src/case/control.ts';
import type { DetachDetail } from '../../src/case/details.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';

const scenes = useScene();

const groupOf = async ({ clients, world }: Scene) => {
  const { AutoScalingGroups = [] } = await clients.autoScaling.send(
    new DescribeAutoScalingGroupsCommand({ AutoScalingGroupNames: [world.autoScalingGroupName] }),
  );
  return AutoScalingGroups[0];
};

const stateOf = async (scene: Scene): Promise<string | undefined> =>
  (await groupOf(scene))?.Instances?.find(({ InstanceId }) => InstanceId === scene.world.suspectId)
    ?.LifecycleState;

const leftBy = (report: CaseReport) =>
  (
    report.steps.find(({ step }) => step === 'detach-auto-scaling')?.detail as
      | DetachDetail
      | undefined
  )?.left;

const riskOf = (report: CaseReport, name: string) =>
  report.residualRisks.find(({ risk }) => risk === name);

describe('A group that is busy for good', () => {
  // fault O8
  it.each([
    [['DetachInstances'], 'standby'],
    [['DetachInstances', 'EnterStandby'], 'suspended'],
  ])('does not keep the instance in its reach: %j fail', async (actions, left) => {
    const scene = await scenes.open();
    for (const action of actions) {
      const kind = 'server-error';
      scene.emulator.traffic.inject({ service: 'autoscaling', action, times: Infinity, kind });
    }
    const report = await scene.contain();
    expect(leftBy(report)).toBe(left);
    expect(controlOf(report.proof, 'eni-groups')?.holds).toBe(true);
  });

  // fault O8
  it('is named where it can be kept from nothing', async () => {
    const scene = await scenes.open();
    for (const action of ['DetachInstances', 'EnterStandby', 'SuspendProcesses']) {
      const kind = 'server-error';
      scene.emulator.traffic.inject({ service: 'autoscaling', action, times: Infinity, kind });
    }
    const report = await scene.contain();
    const entry = report.steps.find(({ step }) => step === 'detach-auto-scaling');
    expect(entry?.outcome).toBe('failed');
    expect(entry?.error?.message).toMatch(/detach: .*standby: .*suspend: /);
    expect(controlOf(report.proof, 'eni-groups')?.holds).toBe(true);
  });
});

describe('The replacement', () => {
  // threat F7
  it('is named in the report, with a warning that it starts from the same template', async () => {
    const scene = await scenes.open();
    const report = await scene.contain();
    const members = (await groupOf(scene))?.Instances?.map(({ InstanceId }) => InstanceId) ?? [];
    const fresh = members.filter((id) => id !== scene.world.healthyId);
    expect(fresh).toHaveLength(1);
    const risk = riskOf(report, 'replacement-from-same-template');
    expect(risk?.explanation).toContain(fresh[0]);
    expect(risk?.explanation).toContain('same template');
  });

  it('is not promised where the group launches nothing', async () => {
    const scene = await scenes.open();
    await scene.clients.autoScaling.send(
      new SuspendProcessesCommand({
        AutoScalingGroupName: scene.world.autoScalingGroupName,
        ScalingProcesses: ['Launch'],
      }),
    );
    const report = await scene.contain();
    expect(report.status).toBe('contained');
    expect(riskOf(report, 'replacement-from-same-template')?.explanation).toContain(
      'nothing replaces the instance',
    );
  });
});

describe('DetachMode standby', () => {
  it('leaves the instance in its group, where nothing terminates it, and the undo brings it back', async () => {
    const scene = await scenes.open({}, { DETACH_MODE: 'standby' });
    const report = await scene.contain();
    expect(report.status).toBe('contained');
    expect(controlOf(report.proof, 'asg-membership')?.observed).toContain('Standby');
    expect(await stateOf(scene)).toBe('Standby');
    const command = report.undo.split('\n').find((line) => line.includes('exit-standby'));
    expect(command).toContain(scene.world.suspectId);
    await scene.clients.autoScaling.send(
      new ExitStandbyCommand({
        AutoScalingGroupName: scene.world.autoScalingGroupName,
        InstanceIds: [scene.world.suspectId],
      }),
    );
    expect(await stateOf(scene)).toBe('InService');
  });

  it('keeps the capacity of the group', async () => {
    const scene = await scenes.open({}, { DETACH_MODE: 'standby' });
    await scene.contain();
    const group = await groupOf(scene);
    const serving = group?.Instances?.filter(({ LifecycleState }) => LifecycleState !== 'Standby');
    expect(serving).toHaveLength(group?.DesiredCapacity ?? 0);
  });
});

describe('A group that refuses to detach', () => {
  const refuse = ({ emulator }: Scene, ...actions: readonly string[]): void => {
    for (const action of actions) {
      emulator.traffic.inject({ service: 'autoscaling', action, kind: 'denied', times: Infinity });
    }
  };

  // threat B14
  it('keeps the evidence when the Auto Scaling group refuses to detach: it goes on standby', async () => {
    const scene = await scenes.open();
    refuse(scene, 'DetachInstances');
    const report = await scene.contain();
    expect(leftBy(report)).toBe('standby');
    expect(await stateOf(scene)).toBe('Standby');
    expect(report.status).toBe('contained');
  });

  // threat B14
  it('is kept from terminating anything when it refuses standby too, and a person is told', async () => {
    const scene = await scenes.open();
    refuse(scene, 'DetachInstances', 'EnterStandby');
    const report = await scene.contain();
    expect(leftBy(report)).toBe('suspended');
    const suspended = (await groupOf(scene))?.SuspendedProcesses?.map((one) => one.ProcessName);
    expect(suspended?.toSorted()).toEqual(['ReplaceUnhealthy', 'Terminate']);
    expect(report).toMatchObject({ status: 'partial' });
    expect(riskOf(report, 'auto-scaling-suspended')?.remedy).toContain('resume-processes');
    expect(report.undo).toContain('resume-processes');
  });

  it('never keeps the cut, even when it refuses everything', async () => {
    const scene = await scenes.open();
    refuse(scene, 'DetachInstances', 'EnterStandby', 'SuspendProcesses');
    const report = await scene.contain();
    expect(report.steps.find(({ step }) => step === 'detach-auto-scaling')).toMatchObject({
      outcome: 'failed',
      error: { code: 'DetachRefusedError' },
    });
    expect(report.status).toBe('partial');
    expect(controlOf(report.proof, 'eni-groups')?.holds).toBe(true);
    expect(riskOf(report, 'auto-scaling-may-terminate')).toBeDefined();
  });
});
