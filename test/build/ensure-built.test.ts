import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { makeCleanCheckout } from '../template/clean-checkout.ts';

const run = promisify(execFile);
const checkout = makeCleanCheckout();
// One function is built like sixteen, only sooner.
for (const handler of readdirSync(join(checkout, 'handlers'))) {
  if (handler !== 'report.ts') rmSync(join(checkout, 'handlers', handler));
}
afterAll(() => rmSync(checkout, { recursive: true, force: true }));

const command = join(checkout, 'dist', 'cordon.mjs');
const help = () => run('npm', ['run', '--silent', 'cordon', '--', '--help'], { cwd: checkout });

describe('A checkout in which nothing was built', () => {
  it('builds what it runs, says nothing of it, and builds it once for several who ask at once', async () => {
    const ended = await Promise.all([help(), help(), help()]);
    for (const { stdout, stderr } of ended) {
      expect(stderr).toBe('');
      expect(stdout).toMatch(/^Usage: cordon/);
    }
    expect(statSync(command).mode & 0o111).not.toBe(0);
  });

  it('leaves what is built alone while no source has changed', async () => {
    const before = statSync(command).mtimeMs;
    await help();
    expect(statSync(command).mtimeMs).toBe(before);
  });

  it('never runs yesterday’s code: a source that has changed is in what runs next', async () => {
    const source = join(checkout, 'cli', 'program.ts');
    const text = readFileSync(source, 'utf8');
    writeFileSync(source, text.replace("new Command('cordon')", "new Command('renamed')"));
    expect((await help()).stdout).toMatch(/^Usage: renamed/);
  });

  it('builds again where a build was killed half-way, though every source is as it was', async () => {
    rmSync(join(checkout, 'dist', '.sources'));
    writeFileSync(command, 'throw new Error("half a file");');
    utimesSync(command, new Date(), new Date());
    expect((await help()).stdout).toMatch(/^Usage: /);
  });
});
