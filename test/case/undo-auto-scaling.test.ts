import { describe, expect, it } from 'vitest';
import type { DetachDetail } from '../../src/case/details.ts';
import { assembleReport } from '../../src/case/report.ts';
import type { StepEntry } from '../../src/case/step.ts';
import { undoSteps } from '../../src/case/undo/undo-steps.ts';
import { instanceNow } from '../../src/case/world-now.ts';
import { formerAsFound } from '../../src/record/trail/recall.ts';
import { beforeWith, instanceId, membershipWith, region } from './sample-before.ts';
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
  undo.split('\n').filter((line) => /autoscaling|desired capacity/.test(line));

const commands = (
  lifecycleState: string,
  before = member(),
  suspendedProcesses: readonly string[] = [],
) =>
  groupLines(
    undoSteps({
      instanceId,
      region,
      former: { ...formerAsFound(before), suspendedProcesses },
      now: { ...instanceNow(before.instance), lifecycleState },
    }),
  );

const group = '--region us-east-1 --auto-scaling-group-name web';
const grows =
  '# Attaching raises the desired capacity by one; where the group is at its maximum, raise that first.';
const attach = `aws autoscaling attach-instances ${group} --instance-ids ${instanceId}`;

describe('back into the Auto Scaling group', () => {
  // fault B4
  it('goes what was detached by attaching, which raises the desired capacity', () => {
    expect(commands('none')).toEqual([grows, attach]);
    expect(commands('Detaching')).toEqual([grows, attach]);
  });

  // fault B4
  it('goes what was protected from scale-in, protected again', () => {
    expect(commands('none', member({ protectedFromScaleIn: true }))).toEqual([
      grows,
      attach,
      `aws autoscaling set-instance-protection ${group} --instance-ids ${instanceId} --protected-from-scale-in`,
    ]);
  });

  it('goes what stands by by leaving standby', () => {
    expect(commands('Standby')).toEqual([
      `aws autoscaling exit-standby ${group} --instance-ids ${instanceId}`,
    ]);
  });

  it('goes nothing that never left: the processes are resumed that Cordon suspended', () => {
    expect(commands('InService', member(), ['ReplaceUnhealthy'])).toEqual([
      `aws autoscaling resume-processes ${group} --scaling-processes ReplaceUnhealthy`,
    ]);
    expect(commands('InService')).toEqual([]);
  });

  it('goes into standby again what somebody had put there before', () => {
    expect(commands('none', member({ lifecycleState: 'Standby' })).at(-1)).toContain(
      'enter-standby',
    );
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
    expect(undoAfter(detach('done', { left: 'standby' })).join()).toContain('exit-standby');
    expect(undoAfter(detach('already', { left: 'detach' })).join()).toContain('attach-instances');
    const suspended = { left: 'suspended', suspendedProcesses: ['Terminate'] } as const;
    expect(undoAfter(detach('done', suspended)).join()).toContain('resume-processes');
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
