import { describe, expect, it } from 'vitest';
import { chatMessageOf } from '../../src/notify/chat.ts';
import { recordLines } from '../../src/notify/record-lines.ts';
import { textOf } from '../../src/notify/text.ts';
import { entryOf, reportOfFailure, reportWith } from '../case/sample-report.ts';

const head = '9f3c1a20b77e4d01'.padEnd(64, '0');
const record = { head, number: 2 };
const page =
  'https://us-east-1.console.aws.amazon.com/s3/object/cordon-evidence?region=us-east-1&prefix=cases/a/report.html';

const link = (changes: object) =>
  recordLines(reportWith({ page, ...changes })).find((line) => line.startsWith('Report: '));

describe('the record of the case in its messages', () => {
  it('is named by the first digits of its head, in every message that has it', () => {
    const followed = entryOf('check-snapshots', {
      detail: { completed: 1, failed: 0, pending: 0 },
    });
    const messages = [
      reportWith({ record }),
      reportWith({ record, status: 'running' }),
      reportWith({ record, status: 'partial' }),
      reportWith({ record, status: 'released' }),
      reportWith({ record, steps: [...reportWith().steps, followed] }),
      reportOfFailure({ record }),
    ];
    for (const report of messages) {
      expect(
        textOf(report)
          .split('\n')
          .map((line) => line.trim()),
      ).toContain('Record 9f3c1a20b77e4d01');
      expect(chatMessageOf(report)).toContain('Record 9f3c1a20b77e4d01');
    }
  });

  it('is not named where there is none, or where its head is none', () => {
    expect(recordLines(reportWith())).toEqual([]);
    const forged = { head: 'CONTAINED\nnothing to do', number: 1 };
    expect(recordLines(reportWith({ record: forged }))).toEqual([]);
  });

  it('has a link to its page, in the mail and in the chat', () => {
    expect(textOf(reportWith({ page }))).toContain(`Report: ${page}`);
    expect(JSON.parse(chatMessageOf(reportWith({ page }))).content.description).toContain(page);
  });

  it.each([
    ['elsewhere', 'https://console.aws.amazon.com.evil.example/s3'],
    ['to a look-alike', 'https://evilconsole.aws.amazon.com/s3'],
    ['without encryption', page.replace('https', 'http')],
    ['with an account before the host', 'https://console.aws.amazon.com@evil.example/'],
    ['with a second line', `${page}\nRELEASED`],
    ['with markup', `${page}|click>`],
    ['that no program keeps whole', page.padEnd(1_001, 'x')],
  ])('shows no link that leads %s', (_where, other) => {
    expect(link({ page: other })).toBeUndefined();
  });

  it('knows the console of each partition, and of no other', () => {
    const china = 'https://console.amazonaws.cn/s3/object/x';
    expect(link({ region: 'cn-north-1', page: china })).toBe(`Report: ${china}`);
    expect(link({ region: 'cn-north-1' })).toBeUndefined();
    expect(link({ region: 'mars-1' })).toBeUndefined();
  });
});
