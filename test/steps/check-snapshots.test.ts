import { describe, expect, it } from 'vitest';
import { nextWait } from '../../src/case/next-wait.ts';
import type { CheckSnapshotsInput } from '../../src/steps/check-snapshots.ts';
import { checkSnapshots } from '../../src/steps/check-snapshots.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import { caseId, instanceId } from './sample-instance.ts';

const scene = (states: readonly string[], at = '2026-03-01T03:07:30Z') => {
  const aws = fakeAws();
  const world = new FakeEc2(aws);
  for (const [index, State] of states.entries()) {
    const SnapshotId = `snap-${index}`;
    world.snapshots.push({ SnapshotId, VolumeId: `vol-${index}`, State, StartTime: new Date(at) });
    world.tag(SnapshotId, { 'cordon:case': caseId, 'cordon:instance': instanceId });
  }
  const run = (more: Partial<CheckSnapshotsInput> = {}) =>
    checkSnapshots(aws.deps, { instanceId, caseId, ...more });
  return { aws, run };
};

describe('the snapshots of a case', () => {
  it('are followed while one is pending', async () => {
    const { outcome, detail } = await scene(['completed', 'pending']).run();
    expect(outcome).toBe('done');
    expect(detail).toMatchObject({ completed: 1, pending: 1, failed: 0, finished: false });
  });

  it('are finished when each is completed or has failed, and the failed are told', async () => {
    const { detail } = await scene(['completed', 'error']).run();
    expect(detail).toMatchObject({ completed: 1, pending: 0, failed: 1, finished: true });
  });

  it('are followed for three days, not for ever', async () => {
    const { aws, run } = scene(['pending']);
    await aws.clock.sleep(3 * 24 * 3_600_000);
    expect((await run()).detail).toMatchObject({ pending: 1, finished: true });
  });

  it('are only those that were begun in the case', async () => {
    const { detail } = await scene(['pending'], '2026-02-01T00:00:00Z').run();
    expect(detail.snapshotIds).toEqual([]);
  });

  it('are found by the instance, run by hand without a case', async () => {
    const aws = scene(['completed']);
    const result = await checkSnapshots(aws.aws.deps, { instanceId });
    expect(result.detail.completed).toBe(1);
  });

  it('are nothing to wait for where there are none', async () => {
    const { outcome, detail } = await scene([]).run();
    expect(outcome).toBe('not-applicable');
    expect(detail.finished).toBe(true);
  });
});

describe('the next look', () => {
  it('comes after 5 seconds, then each time twice as late, at most after a quarter of an hour', () => {
    const waits: number[] = [];
    let waited: number | undefined;
    for (let look = 0; look < 10; look += 1) {
      waited = nextWait(waited);
      waits.push(waited);
    }
    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });
});
