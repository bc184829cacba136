import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ControlName } from '../../src/case/control.ts';
import type { Status } from '../../src/case/judgement.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { headline, kindOf, subjectOf } from '../../src/notify/subject.ts';
import { anyText } from '../case/any-text.ts';
import { generated } from '../case/generated.ts';
import { instanceId } from '../case/sample-before.ts';
import {
  entryOf,
  proofWith,
  reportOfFailure,
  reportWith,
  triggerWith,
} from '../case/sample-report.ts';

const running = (changes: Partial<CaseReport> = {}) => {
  const { finishedAt: _finished, ...report } = reportWith({ status: 'running', ...changes });
  return report;
};

describe('the subject', () => {
  it('says what happened, to what, how fast and why', () => {
    expect(subjectOf(reportWith())).toBe(
      `[Cordon] CONTAINED ${instanceId} in 1.9 s: Backdoor:EC2/C&CActivity.B`,
    );
  });

  it('says NOT CONTAINED where the instance is not isolated', () => {
    expect(subjectOf(reportOfFailure())).toBe(
      `[Cordon] NOT CONTAINED ${instanceId}: ACT NOW: Backdoor:EC2/C&CActivity.B`,
    );
  });

  it('says ISOLATED, OLD CONNECTIONS MAY LIVE where only new flows are cut', () => {
    const report = reportWith({ status: 'partial', cut: 'new-flows-only' });
    expect(subjectOf(report)).toMatch(/^\[Cordon\] ISOLATED, OLD CONNECTIONS MAY LIVE i-/);
  });

  // fault S4
  it('counts what does not hold where the cut is complete', () => {
    const open = (...names: readonly ControlName[]) =>
      headline(
        reportWith({
          status: 'partial',
          proof: proofWith(Object.fromEntries(names.map((name) => [name, { holds: false }]))),
        }),
      );
    expect(open('snapshots')).toBe('ISOLATED, 1 CONTROL OPEN');
    expect(open('snapshots', 'targets')).toBe('ISOLATED, 2 CONTROLS OPEN');
    expect(headline(reportWith({ status: 'partial', proof: [] }))).toBe('ISOLATED, NOT VERIFIED');
  });

  it.each<[Status, string]>([
    ['planned', 'OBSERVED'],
    ['skipped', 'SKIPPED'],
    ['contained', 'CONTAINED'],
    ['failed', 'NOT CONTAINED'],
  ])('says of a case that is %s: %s', (status, word) => {
    expect(headline({ ...reportOfFailure(), status })).toBe(word);
  });

  it('tells the first message from the last, and never claims more than the cut', () => {
    expect(headline(running())).toBe('ISOLATED');
    expect(headline(running({ cut: 'new-flows-only' }))).toBe('ISOLATED, OLD CONNECTIONS MAY LIVE');
    expect(headline(reportOfFailure({ status: 'running' }))).toBe('NOT CONTAINED');
  });

  it('tells the message about the evidence from the one about the containment', () => {
    const followed = entryOf('check-snapshots', {
      detail: { completed: 3, pending: 0, failed: 0 },
    });
    const report = reportWith({ steps: [...reportWith().steps, followed] });
    expect(kindOf(report)).toBe('evidence');
    expect(subjectOf(report)).toBe(`[Cordon] EVIDENCE ${instanceId}: Backdoor:EC2/C&CActivity.B`);
  });

  // threat D8
  it('is ASCII on one line, shorter than a hundred characters, whatever the finding is called', () => {
    const statuses = fc.constantFrom<Status>(
      'running',
      'contained',
      'partial',
      'failed',
      'planned',
      'skipped',
    );
    const reports = fc.constantFrom(reportWith(), reportOfFailure());
    const types = fc.oneof(
      anyText(),
      fc.string({ minLength: 50, maxLength: 2_000 }),
      fc.constantFrom('a\nb', 'Über:EC2/Ärger', '漢字', '\u0000', '[Cordon] CONTAINED\r\n'),
    );
    const cuts = fc.constantFrom('complete' as const, 'new-flows-only' as const, 'none' as const);
    fc.assert(
      fc.property(reports, statuses, types, cuts, (report, status, type, cut) => {
        const subject = subjectOf({ ...report, status, cut, trigger: triggerWith({ type }) });
        expect(subject).toMatch(/^\[Cordon\] [\x20-\x7e]*$/);
        expect(subject.length).toBeLessThan(100);
        expect(subject).toContain(instanceId);
        expect(subject).toBe(subject.trim());
      }),
      { numRuns: generated(300) },
    );
  });
});
