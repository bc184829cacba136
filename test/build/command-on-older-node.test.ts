import { execFile, execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ensureBuilt } from '../../build/ensure-built.ts';
import { commandFile } from '../../build/paths.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { useScene } from '../containment/by-hand.ts';

const scenes = useScene();
beforeAll(ensureBuilt);
const folder = mkdtempSync(join(tmpdir(), 'cordon-node-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The Node of this machine, not the one that `npm ci` brings. */
const hostPath = (process.env.PATH ?? '')
  .split(delimiter)
  .filter((part) => !part.includes('node_modules'))
  .join(delimiter);
const hostVersion = execFileSync('node', ['--version'], {
  env: { PATH: hostPath },
  encoding: 'utf8',
}).trim();

/** What Node 20 lacks, as far as anything here could use it, taken away from a newer Node. */
const newerThan20 = `data:text/javascript,
  delete Promise.withResolvers; delete Promise.try; delete Map.groupBy; delete Object.groupBy;
  delete Array.fromAsync; delete RegExp.escape; delete Error.isError; delete globalThis.Iterator;
  for (const name of ['union','intersection','difference','symmetricDifference','isSubsetOf','isSupersetOf','isDisjointFrom']) delete Set.prototype[name];`;

const run = (
  node: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<{ code: number; stdout: string; stderr: string }> =>
  new Promise((resolve) => {
    execFile(
      node,
      [...args],
      { cwd: folder, env: { PATH: hostPath, HOME: folder, ...environment } },
      (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    );
  });

// fault D3
describe('The command, on the Node of the person who is woken', () => {
  const nodes: readonly (readonly [string, string, readonly string[]])[] = [
    [`this machine's own, ${hostVersion}`, 'node', []],
    ['one that knows no more than Node 20', process.execPath, ['--import', newerThan20]],
  ];

  it.each(nodes)('says what it can do: %s', async (_, node, options) => {
    const ended = await run(node, [...options, commandFile, '--help']);
    expect(ended.stderr).toBe('');
    expect(ended.stdout).toContain('contain');
    expect(ended.code).toBe(0);
  });

  it.each(nodes)('contains an instance: %s', async (_, node, options) => {
    const { emulator, world } = await scenes.open();
    const ended = await run(
      node,
      [...options, commandFile, 'contain', world.suspectId, '--json', '--log', 'case.log'],
      { ...emulator.environment, TRANSITION_HOLD_SECONDS: '0' },
    );
    expect(ended.stderr).toBe('');
    const { cases } = JSON.parse(ended.stdout) as { cases: readonly CaseReport[] };
    expect(cases[0]?.status).toBe('contained');
  });
});
