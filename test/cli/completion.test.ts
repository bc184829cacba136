import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { bashScript } from '../../cli/completion/bash.ts';
import { completablesOf } from '../../cli/completion/completable.ts';
import { makeProgram } from '../../cli/program.ts';

const completables = completablesOf(makeProgram(() => {}));

/** What bash itself offers for the last of these words. */
const offeredBy = (...words: readonly string[]): readonly string[] =>
  execFileSync(
    'bash',
    [
      '-c',
      `${bashScript(completables)}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _cordon; printf '%s\\n' "\${COMPREPLY[@]}"`,
      'bash',
      ...words,
    ],
    { encoding: 'utf8', cwd: new URL('../../events', import.meta.url) },
  )
    .split('\n')
    .filter((line) => line !== '');

describe('bash completes', () => {
  it('every command of the program', () => {
    const names = completables[0]?.commands.map(({ name }) => name) ?? [];
    expect(names).toContain('contain');
    expect(offeredBy('cordon', '')).toEqual(expect.arrayContaining([...names]));
    expect(offeredBy('cordon', 'ver')).toEqual(['verify']);
  });

  it('the commands below a command, and its options, whatever stands between', () => {
    expect(offeredBy('cordon', 'evidence', 'f')).toEqual(['fetch', 'flows']);
    expect(offeredBy('cordon', 'evidence', 'fetch', 'i-1', '--o')).toEqual(['--out']);
    expect(offeredBy('cordon', 'verify', 'i-1', '--quiet', '--st')).toEqual(['--stack']);
  });

  it('the choices of an option, and nothing where the value is the person’s to know', () => {
    expect(offeredBy('cordon', 'contain', 'i-1', '--isolation', '')).toEqual([
      'full',
      'forensic',
      'egress-lockdown',
    ]);
    expect(offeredBy('cordon', 'verify', '--region', '')).toEqual([]);
    expect(offeredBy('cordon', 'completion', 'z')).toEqual(['zsh']);
  });

  it('files where a file is taken', () => {
    expect(offeredBy('cordon', 'triage', 'manual')).toContain('manual.json');
    expect(offeredBy('cordon', 'verify', '--log', 'manual')).toContain('manual.json');
    expect(offeredBy('cordon', 'verify', 'manual')).toEqual([]);
  });
});
