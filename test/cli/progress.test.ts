import { describe, expect, it, vi } from 'vitest';
import { progress } from '../../cli/progress.ts';
import { entryOf, failedEntryOf } from '../case/sample-report.ts';

/** Standard error of somebody who looks on, and what they see there in the end. */
const aTerminal = (columns: number) => {
  const written: string[] = [];
  const write = (text: string): boolean => written.push(text) > 0;
  const seen = (): readonly string[] =>
    written
      .join('')
      .split('\n')
      .map((line) => line.split('\r\u001b[K').at(-1) ?? '');
  return { stream: { isTTY: true, columns, write }, written, seen };
};

describe('The progress of a run', () => {
  it('is one line on a terminal, written over, no wider than that', () => {
    const { stream, written, seen } = aTerminal(20);
    const watcher = progress(false, stream);
    watcher.began('detach-auto-scaling');
    watcher.began('deregister-load-balancers');
    expect(seen()).toEqual(['detach-auto-scaling']);
    watcher.ended(entryOf('detach-auto-scaling', {}));
    expect(seen()).toEqual(['deregister-load-bal']);
    watcher.ended(entryOf('deregister-load-balancers', {}));
    expect(seen()).toEqual(['']);
    expect(written.join('')).not.toContain('\n');
  });

  it('leaves what failed on the terminal, in one line whatever AWS said', () => {
    const { stream, seen } = aTerminal(80);
    const watcher = progress(false, stream);
    watcher.began('snapshot');
    watcher.began('isolate-network');
    watcher.ended(failedEntryOf('snapshot', 'denied\n\u001b[2Jthe screen is mine'));
    expect(seen()).toEqual([
      expect.stringMatching(/^snapshot: FAILED: denied \P{Cc}*the screen is mine$/u),
      'isolate-network',
    ]);
  });

  it('says nothing of a describe that failed: the verdict does', () => {
    const { stream, seen } = aTerminal(80);
    const watcher = progress(false, stream);
    watcher.began('describe');
    watcher.ended(failedEntryOf('describe', 'no such instance'));
    expect(seen()).toEqual(['']);
  });

  it('is a dated line for each step elsewhere, and nothing for who wants quiet', () => {
    const error = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const log = { ...aTerminal(80).stream, isTTY: false };
    const entry = entryOf('snapshot', {});
    for (const quiet of [false, true]) {
      const watcher = progress(quiet, log);
      watcher.began('snapshot');
      watcher.ended(entry);
    }
    expect(error.mock.calls).toEqual([[`${entry.finishedAt} snapshot: done\n`]]);
  });
});
