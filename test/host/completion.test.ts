import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { completablesOf } from '../../cli/completion/completable.ts';
import { fishScript } from '../../cli/completion/fish.ts';
import { zshScript } from '../../cli/completion/zsh.ts';
import { makeProgram } from '../../cli/program.ts';
import { inProject } from '../../emulator/project.ts';
import { asRoot } from './as-root.ts';
import { must, outcomeOf } from './namespace.ts';

/** In the shells themselves, which are installed first where they are missing. */
const canTryShells = async (): Promise<boolean> => {
  const { code, stderr } = await outcomeOf([
    ...asRoot,
    'sh',
    inProject('test/host/install-shells.sh'),
  ]);
  if (code === 0) return true;
  process.stderr.write(`SHELLS NOT TRIED: ${stderr.trim()}\n`);
  if ((process.env.CI ?? '') !== '') throw new Error(`SHELLS NOT TRIED: ${stderr.trim()}`);
  return false;
};

const shells = describe.skipIf(!(await canTryShells()));

const completables = completablesOf(makeProgram(() => {}));
let folder = '';
const inFolder = (name: string): string => join(folder, name);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-completion-'));
  writeFileSync(inFolder('_cordon'), zshScript(completables));
  writeFileSync(inFolder('cordon.fish'), fishScript(completables));
  writeFileSync(inFolder('finding.json'), '{}');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What fish offers for a line, without the descriptions. */
const fishOffers = async (line: string): Promise<readonly string[]> => {
  const script = `source cordon.fish; cd ${folder}; complete -C "${line}"`;
  const offered = await must(['sh', '-c', `cd ${folder} && exec fish --no-config -c '${script}'`]);
  return offered
    .split('\n')
    .map((one) => one.split('\t')[0] ?? '')
    .filter((one) => one !== '');
};

/** What zsh shows at a terminal of its own when a line ends with Tab, up to these words. */
const zshShows = (line: string, words: string): Promise<string> => {
  const script = [
    'zmodload zsh/zpty',
    'zpty z TERM=dumb zsh -f -i',
    `zpty -w z "autoload -Uz compinit; compinit -u -D; source $1; cd \${1:h}; print READ''Y"`,
    "zpty -r -m z out '*READY*'",
    `zpty -w -n z "$2"$'\\t'`,
    'zpty -r -m z out "*$3*"',
    'print -r -- "$out"',
  ].join('\n');
  return must([
    'timeout',
    '60',
    'zsh',
    '-f',
    '-c',
    script,
    'zsh',
    inFolder('_cordon'),
    line,
    words,
  ]);
};

shells('fish completes', () => {
  it.each<[string, readonly string[]]>([
    ['cordon ver', ['verify']],
    ['cordon evidence f', ['fetch', 'flows']],
    ['cordon evidence fetch i-1 --o', ['--out']],
    ['cordon contain i-1 --isolation ', ['egress-lockdown', 'forensic', 'full']],
    ['cordon completion ', ['bash', 'fish', 'zsh']],
    ['cordon verify --region ', []],
    ['cordon triage find', ['finding.json']],
    ['cordon verify find', []],
  ])('%s', async (line, offered) => {
    expect(await fishOffers(line)).toEqual(offered);
  });
});

shells('zsh completes', () => {
  it.each([
    ['cordon ver', 'verify'],
    ['cordon evidence fe', 'fetch'],
    ['cordon evidence fetch i-1 --o', '--out'],
    ['cordon contain i-1 --isolation e', 'egress-lockdown'],
    ['cordon completion z', 'zsh'],
    ['cordon triage find', 'finding.json'],
  ])('%s', async (line, words) => {
    expect(await zshShows(line, words)).toContain(words);
  });
});
