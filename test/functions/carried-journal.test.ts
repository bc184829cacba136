import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withJournal } from '../../src/functions/carried-journal.ts';
import { earlierTry } from '../../src/functions/earlier-try.ts';
import { runBatches, runEntries } from '../../src/functions/run-entries.ts';
import type { Batch } from '../../src/record/journal/batch.ts';
import { newBatch, packBatch } from '../../src/record/journal/batch.ts';
import { entryOf } from '../case/sample-report.ts';

const now = new Date('2026-11-20T03:07:00.000Z');
const writer = { actor: 'DescribeFunction', program: 'DescribeFunction' };
const batchSaying = (sentence: string): Batch =>
  newBatch('case', writer, [{ kind: 'decision', at: now.toISOString(), sentence }], now);

const packed = (batch: Batch): string => Buffer.from(packBatch(batch)).toString('base64');

describe('What a step has noted', () => {
  it('goes on in its result, from the path and from its branches, and is in no entry', () => {
    const words = ['described', 'isolated', 'isolated again'] as const;
    const [described, isolated, again] = words.map(batchSaying) as [Batch, Batch, Batch];
    const run = {
      describe: withJournal(entryOf('describe'), [described], 12_000),
      contain: {
        cut: { isolate: withJournal(entryOf('isolate-network'), [isolated, again], 12_000) },
      },
    };
    expect(runBatches(run, now)).toEqual([described, isolated, again]);
    expect(JSON.stringify(runEntries(run, now))).not.toContain('journal');
  });

  it('is kept of a try whose result the next try replaces, with how it ended', () => {
    const refused = { code: 'UnauthorizedOperation', message: 'You are not authorized.' };
    const failed = entryOf('isolate-network', { outcome: 'failed', error: refused });
    const carried = batchSaying('the call that was refused');
    const event = { case: { caseId: 'case' }, earlier: withJournal(failed, [carried], 12_000) };
    const [first, how, ...others] = earlierTry(event, writer);
    expect(first).toEqual(carried);
    expect(how).toMatchObject({
      caseId: 'case',
      entries: [{ kind: 'step', outcome: 'failed', error: refused }],
    });
    expect(JSON.stringify(how)).not.toContain('journal');
    expect(others).toEqual([]);
    // The same however often it is handed on.
    expect(earlierTry(event, writer)).toEqual([first, how]);
  });

  it('of an earlier try is nothing where there was none, it threw, or it is a rehearsal', () => {
    const earlier = entryOf('isolate-network');
    for (const event of [
      undefined,
      { case: { caseId: 'case' } },
      { case: { caseId: 'case' }, earlier: { Error: 'States.Timeout' } },
      { case: { caseId: 'case', dryRun: true }, earlier },
    ]) {
      expect(earlierTry(event, writer)).toEqual([]);
    }
  });

  // threat E14
  it('is not what a tag of the instance says that has the same name', () => {
    const forged = packed(batchSaying('all is well'));
    // A tag has room for it: 256 characters.
    expect(forged.length).toBeLessThan(256);
    const detail = { before: { instance: { tags: { journal: forged } } }, journal: forged };
    const run = {
      describe: entryOf('describe', { detail }),
      contain: { detach: entryOf('detach-auto-scaling', { detail }), journal: forged },
      trigger: { step: 'describe', journal: forged },
      journal: forged,
    };
    expect(runBatches(run, now)).toEqual([]);
  });

  it('is not carried where it is too much for the state of a run', () => {
    const noise = fc.sample(fc.string({ minLength: 30_000, maxLength: 30_000 }), 1).join('');
    expect(withJournal(entryOf('describe'), [batchSaying(noise)], 12_000)).toBeUndefined();
  });

  it('is nothing where somebody has put something else in its place', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.integer(), fc.object()), (value) => {
        const run = { describe: { ...entryOf('describe'), journal: value } };
        expect(runBatches(run, now)).toEqual([]);
      }),
    );
  });
});
