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

  // Whatever fails, somebody is told, and what was done keeps its undo.
  it.each([
    ['failed', { Error: 'States.Timeout', Cause: 'no answer' }, 'no answer'],
    [
      'was left out',
      entryOf('reinforce-cut', { outcome: 'skipped', detail: { because: 'Ctrl-C' } }),
      'Ctrl-C',
    ],
  ])('keep what was reinforced at once where the rest %s', (_how, left, why) => {
    const imds = { cut: 'disable-imds', outcome: 'done', resource: 'i-1', what: 'off', undo: [] };
    const risk = { risk: 'nacl-deny-failed', explanation: 'Refused.', remedy: 'By hand.' };
    const atOnce = entryOf('reinforce-cut', {
      detail: { reinforcements: [imds], risks: [risk], vouched: { 'eni-1': { a: 'b' } } },
    });
    const run = { contain: { cut: { reinforce: atOnce } }, left };
    const last = runEntries(run, now).at(-1);
    expect(last).toMatchObject({
      outcome: 'done',
      detail: {
        reinforcements: [imds, { cut: 'idle-timeouts', outcome: 'failed', what: why }],
        risks: [risk, { risk: 'idle-timeouts-failed' }],
        vouched: { 'eni-1': { a: 'b' } },
      },
    });
  });

  it('say that reinforcing failed where nothing was reinforced before either', () => {
    const atOnce = entryOf('reinforce-cut', { outcome: 'not-applicable' });
    const run = { contain: { cut: { reinforce: atOnce } }, left: { Error: 'States.Timeout' } };
    expect(runEntries(run, now).at(-1)).toMatchObject({ outcome: 'failed' });
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
