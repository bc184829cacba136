import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { runEntries } from '../../src/functions/run-entries.ts';
import { entryOf } from '../case/sample-report.ts';

const now = new Date('2026-11-20T03:07:00.000Z');
const stepsOf = (run: unknown) => runEntries(run, now).map(({ step }) => step);

describe('the entries of a run', () => {
  it('lie under the keys of the steps, those of the branches too', () => {
    const run = {
      instanceId: 'i-0123456789abcdef0',
      describe: entryOf('describe'),
      prepare: entryOf('prepare-isolation'),
      contain: {
        cut: { reinforce: entryOf('reinforce-cut'), isolate: entryOf('isolate-network') },
        detach: entryOf('detach-auto-scaling'),
      },
    };
    expect(stepsOf(run)).toEqual([
      'describe',
      'prepare-isolation',
      'isolate-network',
      'reinforce-cut',
      'detach-auto-scaling',
    ]);
  });

  it('end with what was done last, in whatever order the state has its keys', () => {
    const atOnce = entryOf('reinforce-cut', { outcome: 'already' });
    const left = entryOf('reinforce-cut', { outcome: 'done' });
    const run = { left, verify: entryOf('verify'), contain: { cut: { reinforce: atOnce } } };
    const entries = runEntries(run, now);
    expect(entries.map(({ step }) => step)).toEqual(['reinforce-cut', 'verify', 'reinforce-cut']);
    expect(entries.at(-1)).toEqual(left);
  });

  it('are failures where a function gave no result', () => {
    const run = { contain: { protect: { Error: 'States.Timeout' } } };
    expect(runEntries(run, now)).toEqual([
      {
        step: 'protect',
        outcome: 'failed',
        startedAt: now.toISOString(),
        finishedAt: now.toISOString(),
        detail: {},
        error: { code: 'States.Timeout', message: '' },
      },
    ]);
  });

  it('say that nothing is known of the cut where the engine itself failed', () => {
    const run = { contain: { Error: 'States.DataLimitExceeded', Cause: 'too much' } };
    expect(stepsOf(run)).toEqual(['isolate-network']);
  });

  it('are read from whatever the state holds', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(Array.isArray(runEntries(value, now))).toBe(true);
      }),
    );
  });
});
