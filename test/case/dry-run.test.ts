import { describe, expect, it } from 'vitest';
import { assembleReport } from '../../src/case/report.ts';
import { chatMessageOf } from '../../src/notify/chat.ts';
import { smsOf } from '../../src/notify/sms.ts';
import { subjectOf } from '../../src/notify/subject.ts';
import { textOf } from '../../src/notify/text.ts';
import { caseWith, failedEntryOf } from './sample-report.ts';

describe('A rehearsal that cannot even look at the instance', () => {
  const report = assembleReport({
    case: caseWith({ dryRun: true }),
    steps: [failedEntryOf('describe', 'The step describe failed: AccessDenied')],
    finished: true,
    now: new Date('2026-11-20T03:00:02.000Z'),
  });

  it('is marked as one, and alarms nobody', () => {
    expect(report).toMatchObject({ status: 'failed', dryRun: true });
    expect(subjectOf(report)).toContain('DRY RUN FAILED');
    for (const text of [textOf(report), smsOf(report), chatMessageOf(report)]) {
      expect(text).not.toMatch(/act now/i);
    }
    expect(textOf(report)).toContain('nothing was changed');
  });

  it('has nothing to undo', () => {
    expect(report.undo).toBe('Nothing was changed: there is nothing to undo.');
  });
});
