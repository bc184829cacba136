import { describe, expect, it } from 'vitest';
import type { DetachDetail } from '../../src/case/details.ts';
import { assembleReport } from '../../src/case/report.ts';
import type { StepEntry } from '../../src/case/step.ts';
import type { UndoKnowledge } from '../../src/case/undo.ts';
import { undoSteps } from '../../src/case/undo.ts';
import { beforeWith, instanceId, membershipWith } from './sample-before.ts';
import {
  caseWith,
  describedEntry,
  entryOf,
  isolatedEntry,
  preparedEntry,
  verifiedEntry,
} from './sample-report.ts';

const member = (changes: Parameters<typeof membershipWith>[0] = {}) =>
  beforeWith({ autoScaling: { known: true, membership: membershipWith(changes) } });

const groupLines = (undo: string): string[] =>
  undo.split('\n').filter((line) => line.includes('autoscaling') || line.startsWith('# The group'));

const commands = (changes: Partial<UndoKnowledge> = {}) =>
  groupLines(
    undoSteps(caseWith(), {
      before: member(),
      originals: {},
      targets: [],
      loadBalancers: [],
      ...changes,
    }),
  );

const of = `--region us-east-1`;
const withInstance = `${of} --instance-ids ${instanceId} --auto-scaling-group-name web`;

describe('back into the Auto Scaling group', () => {
  it('goes what was detached by attaching, what stands by by leaving standby', () => {
    expect(commands({ left: 'detach' })).toEqual([
      `aws autoscaling attach-instances ${withInstance}`,
    ]);
    expect(commands({ left: 'standby' })).toEqual([`aws autoscaling exit-standby ${withInstance}`]);
  });

  it('goes nothing that never left: the processes are resumed that Cordon suspended', () => {
    expect(commands({ left: 'suspended', suspendedProcesses: ['ReplaceUnhealthy'] })).toEqual([
      `aws autoscaling resume-processes ${of} --auto-scaling-group-name web --scaling-processes ReplaceUnhealthy`,
    ]);
    expect(commands({ left: 'suspended', suspendedProcesses: [] })).toEqual([]);
  });

  it.each(['detach', 'standby'] as const)(
    'goes a %s only where there is room; a note says so before the command',
    (left) => {
      const before = member({ sizes: { minimum: 1, desired: 3, maximum: 3 } });
      expect(commands({ before, left })[0]).toMatch(/^# .*maximum of 3/);
      expect(commands({ before, left })).toHaveLength(2);
      const roomy = member({ sizes: { minimum: 1, desired: 3, maximum: 4 } });
      expect(commands({ before: roomy, left })).toHaveLength(1);
    },
  );

  it('needs no room to resume what was suspended', () => {
    const before = member({ sizes: { minimum: 1, desired: 3, maximum: 3 } });
    expect(commands({ before, left: 'suspended', suspendedProcesses: ['Terminate'] })).toEqual([
      expect.stringContaining('resume-processes'),
    ]);
  });
});

/** The undo of a case whose detach ended so. */
const undoAfter = (detach: StepEntry, before = member()) =>
  groupLines(
    assembleReport({
      case: caseWith(),
      steps: [describedEntry(before), detach, preparedEntry(), isolatedEntry(), verifiedEntry()],
      finished: true,
      now: new Date('2026-11-20T03:00:20.000Z'),
    }).undo,
  );

const detach = (outcome: StepEntry['outcome'], detail: Partial<DetachDetail> = {}) =>
  entryOf('detach-auto-scaling', {
    outcome,
    detail: { targets: [], loadBalancers: [], groupName: 'web', ...detail },
  });

describe('the undo of a case', () => {
  it('goes by how the instance left the group', () => {
    expect(undoAfter(detach('done', { left: 'standby' }))[0]).toContain('exit-standby');
    expect(undoAfter(detach('already', { left: 'detach' }))[0]).toContain('attach-instances');
    const suspended = { left: 'suspended', suspendedProcesses: ['Terminate'] } as const;
    expect(undoAfter(detach('done', suspended))[0]).toContain('resume-processes');
  });

  it('does not attach an instance that was left in its group, because it goes on serving', () => {
    expect(undoAfter(detach('skipped', { because: 'it goes on serving' }))).toEqual([]);
  });

  it('does not attach an instance that somebody had put on standby before Cordon came', () => {
    const before = member({ lifecycleState: 'Standby' });
    expect(undoAfter(detach('already'), before)).toEqual([]);
  });

  it('does not end a standby that was there before Cordon came', () => {
    const before = member({ lifecycleState: 'Standby' });
    expect(undoAfter(detach('already', { left: 'standby' }), before)).toEqual([]);
  });
});
