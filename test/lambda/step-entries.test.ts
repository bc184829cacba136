import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stepEntries } from '../../src/lambda/step-entries.ts';
import { entryOf, failedEntryOf } from '../case/sample-report.ts';

const failedByState = {
  step: 'snapshot',
  outcome: 'failed',
  finishedAt: '2026-11-20T03:00:05.000Z',
  error: { code: 'States.Timeout', message: '' },
};

describe('the entries that the states collected', () => {
  it('are found in lists of lists, in their order', () => {
    const [one, two, three] = [entryOf('describe'), entryOf('protect'), entryOf('verify')];
    expect(stepEntries([one, [[two], []], [[[three]]]])).toEqual([one, two, three]);
  });

  it('get a beginning and a detail where the state itself wrote them', () => {
    expect(stepEntries([[failedByState]])).toEqual([
      { ...failedByState, startedAt: '2026-11-20T03:00:05.000Z', detail: {} },
    ]);
  });

  it('keep everything that a step said', () => {
    const entry = failedEntryOf('tag', 'No room');
    expect(stepEntries([entry])).toEqual([entry]);
  });

  it('do not trip over a step that did not run', () => {
    expect(stepEntries([[], {}, null, [[null]], { steps: [] }, 'text'])).toEqual([]);
  });

  it('are entries, whatever the states left', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), (steps) => {
        for (const entry of stepEntries(steps)) {
          expect([typeof entry.step, typeof entry.outcome]).toEqual(['string', 'string']);
        }
      }),
    );
  });
});
