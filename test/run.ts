import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inProject } from '../emulator/project.ts';

/** `npm test`: format and lint, types, dead code, then every test; ends with one line of counts. */

const run = (command: string, ...args: readonly string[]): Promise<boolean> =>
  new Promise((resolve) => {
    const child = spawn(inProject('node_modules', '.bin', command), args, {
      cwd: inProject(),
      stdio: 'inherit',
    });
    child.once('error', () => resolve(false));
    child.once('close', (code) => resolve(code === 0));
  });

const gates: readonly (readonly [string, readonly string[]])[] = [
  ['biome', ['check', '--error-on-warnings', '.']],
  ['tsc', []],
  ['knip', []],
];

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

const runGates = async (): Promise<Counts> => {
  let passed = 0;
  for (const [command, args] of gates) {
    const fine = await run(command, ...args);
    console.log(`${fine ? 'passed' : 'FAILED'}: ${[command, ...args].join(' ')}`);
    if (fine) passed += 1;
  }
  return { passed, failed: gates.length - passed };
};

const countsIn = async (file: string): Promise<Counts> => {
  try {
    const result = JSON.parse(await readFile(file, 'utf8')) as {
      numPassedTests: number;
      numFailedTests: number;
      numFailedTestSuites: number;
    };
    return { passed: result.numPassedTests, failed: result.numFailedTests };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

const runTests = async (filters: readonly string[]): Promise<Counts> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-test-'));
  const file = join(folder, 'result.json');
  try {
    const fine = await run(
      'vitest',
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
      ...filters,
    );
    const counts = await countsIn(file);
    // A file that could not be loaded fails the run without failing a test of its own.
    return !fine && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

const gate = await runGates();
const tests = await runTests(process.argv.slice(2));
const passed = gate.passed + tests.passed;
const failed = gate.failed + tests.failed;
console.log(`\nTests: ${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
