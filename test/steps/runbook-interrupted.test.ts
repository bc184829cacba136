import {
  CreateSnapshotsCommand,
  DescribeInstancesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { interruptedSteps } from '../../src/case/interrupted.ts';
import type { StepName } from '../../src/case/step.ts';
import { stepNames } from '../../src/case/step.ts';
import { awsError } from './aws-error.ts';
import { outcomesOf, runbookScene } from './runbook-scene.ts';
import { firstInterface, vpcId } from './sample-instance.ts';

/** Runs the runbook, and asks it to end as soon as a step begins or ends. */
const interruptedAt = async (step: StepName, moment: 'began' | 'ended') => {
  const scene = runbookScene({ autoScalingGroup: 'web-asg' });
  const stop = new AbortController();
  const at = (on: typeof moment) => (name: StepName) => {
    if (name === step && on === moment) stop.abort();
  };
  const report = await scene.run(
    {},
    {
      stop: stop.signal,
      watcher: { began: at('began'), ended: (entry) => at('ended')(entry.step) },
    },
  );
  return { ...scene, report };
};

const moments = stepNames
  .filter((step) => step !== 'check-snapshots' && step !== 'acquire-memory')
  .flatMap((step) => [[step, 'began'] as const, [step, 'ended'] as const]);

describe('a run that is asked to end', () => {
  // fault O5
  it.each(moments)('finishes the cut when it is interrupted as %s %s', async (step, moment) => {
    const { report, world, subjects } = await interruptedAt(step, moment);
    expect(world.groupsOf(firstInterface)).toEqual([
      world.groups.named('cordon-isolation-full', vpcId),
    ]);
    expect(report.isolatedAt).toBeDefined();
    expect(report.finishedAt).toBeDefined();
    expect(subjects.at(-1)).not.toContain('NOT CONTAINED');
    const missing = interruptedSteps(report);
    for (const name of missing) expect(report.reason).toContain(name);
    // Without a verification nothing but the isolation is proven.
    expect(report.status).toBe(missing.includes('verify') ? 'partial' : 'contained');
  });

  // fault O5
  it('begins nothing but the cut, and says what was not done', async () => {
    const { aws, report } = await interruptedAt('describe', 'began');
    expect(aws.ec2SingleAttempt).not.toHaveReceivedCommand(CreateSnapshotsCommand);
    expect(outcomesOf(report)).toMatchObject({
      'detach-auto-scaling': 'done',
      'isolate-network': 'done',
      snapshot: 'skipped',
      verify: 'skipped',
    });
    expect(report.reason).toMatch(
      /isolated\. The run was interrupted; not done: .*snapshot.*verify/,
    );
  });

  // fault O5
  it('does not wait for what hangs beside the cut, and says that its end is not known', async () => {
    const scene = runbookScene();
    scene.aws.ec2SingleAttempt.on(CreateSnapshotsCommand).callsFake(() => new Promise(() => {}));
    const stop = new AbortController();
    const report = await scene.run(
      {},
      {
        stop: stop.signal,
        watcher: {
          began: () => {},
          ended: ({ step }) => {
            if (step === 'isolate-network') stop.abort();
          },
        },
      },
    );
    expect(report.steps.find(({ step }) => step === 'snapshot')?.error?.message).toContain(
      'what it did is not known',
    );
    expect(interruptedSteps(report)).toContain('snapshot');
  });

  // fault O5
  it('is told as not contained where the cut was refused', async () => {
    const scene = runbookScene();
    scene.aws.ec2
      .on(ModifyNetworkInterfaceAttributeCommand)
      .rejects(awsError('UnauthorizedOperation'));
    const stop = new AbortController();
    stop.abort();
    const report = await scene.run({}, { stop: stop.signal });
    expect(report.status).toBe('failed');
    expect(scene.subjects.at(-1)).toContain('NOT CONTAINED');
  });
});

describe('an id that no instance bears', () => {
  const misnamed = (source: 'manual' | 'guardduty') => {
    const scene = runbookScene();
    scene.aws.ec2.on(DescribeInstancesCommand).rejects(awsError('InvalidInstanceID.NotFound'));
    const trigger = {
      source,
      id: 'x',
      type: 'x',
      severity: 8,
      at: '2026-03-01T03:00:00.000Z',
    };
    return { scene, report: scene.run({ trigger }) };
  };

  // fault S5
  it('wakes nobody when a person typed it', async () => {
    const { scene, report } = misnamed('manual');
    expect((await report).status).toBe('failed');
    expect(scene.subjects).toEqual([]);
  });

  it('is told when a finding names it', async () => {
    const { scene, report } = misnamed('guardduty');
    await report;
    expect(scene.subjects).toEqual([expect.stringContaining('NOT CONTAINED')]);
  });
});
