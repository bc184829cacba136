import { execFile } from 'node:child_process';
import { mkdir, open, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

const ROOT = join(import.meta.dirname, '..');
const REQUIREMENTS = join(import.meta.dirname, 'requirements.txt');
const VENV = join(ROOT, '.venv');
const WINDOWS = process.platform === 'win32';
const VENV_PYTHON = join(VENV, WINDOWS ? 'Scripts' : 'bin', WINDOWS ? 'python.exe' : 'python');
const LOCK = join(VENV, '.lock');
/** Holds the requirements once all of them are installed: an aborted install leaves none. */
const COMPLETE = join(VENV, '.installed-requirements');

/** The interpreters looked for on the PATH. A `python3` may be too old where a newer one lies by. */
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/** No interpreter could be found or furnished; the message says what to do. */
export class PythonUnavailableError extends Error {
  override readonly name = 'PythonUnavailableError';
}

// Exits 0 when the interpreter is recent and has exactly these versions with what moto's server
// needs, 3 when it is recent only.
const CHECK = `
import sys
if sys.version_info < (3, 10): sys.exit(4)
from importlib import metadata, util
try:
    exact = all(metadata.version(n) == v for n, v in (a.split('==') for a in sys.argv[1:]))
except metadata.PackageNotFoundError:
    exact = False
sys.exit(0 if exact and all(util.find_spec(n) for n in ('flask', 'flask_cors', 'boto3')) else 3)
`;

type Fitness = 'ready' | 'recent' | 'unfit';

const pinnedVersions = (requirements: string): string[] =>
  requirements
    .split('\n')
    .map((line) => line.trim().replace(/\[.*\]/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));

const fitness = async (python: string, pinned: readonly string[]): Promise<Fitness> => {
  try {
    await run(python, ['-c', CHECK, ...pinned]);
    return 'ready';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 3 ? 'recent' : 'unfit';
  }
};

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Waits for its turn: of several processes at once one installs, the others find it done. */
const withLock = async <T>(work: () => Promise<T>): Promise<T> => {
  await mkdir(VENV, { recursive: true });
  for (;;) {
    try {
      const lock = await open(LOCK, 'wx');
      await lock.writeFile(String(process.pid));
      await lock.close();
      break;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const owner = Number(await readFile(LOCK, 'utf8').catch(() => ''));
      // The owner is not yet written for an instant after the lock is made, hence only a known one.
      if (owner > 0 && !isAlive(owner)) await rm(LOCK, { force: true });
      else await sleep(250);
    }
  }
  try {
    return await work();
  } finally {
    await rm(LOCK, { force: true });
  }
};

const isComplete = async (requirements: string, pinned: readonly string[]): Promise<boolean> =>
  (await readFile(COMPLETE, 'utf8').catch(() => '')) === requirements &&
  (await fitness(VENV_PYTHON, pinned)) === 'ready';

const lastLines = (error: unknown): string => {
  const output =
    error instanceof Error && 'stderr' in error && error.stderr !== ''
      ? String(error.stderr)
      : String(error);
  return output.trim().split('\n').slice(-5).join('\n');
};

const install = async (base: string, requirements: string): Promise<void> => {
  for (const entry of await readdir(VENV)) {
    if (entry !== '.lock') await rm(join(VENV, entry), { recursive: true, force: true });
  }
  try {
    await run(base, ['-m', 'venv', VENV]);
  } catch (error) {
    throw new PythonUnavailableError(
      `${base} cannot make a virtual environment in .venv: install its venv module ` +
        `(Debian, Ubuntu: apt-get install python3-venv) and try again.\n${lastLines(error)}`,
      { cause: error },
    );
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  try {
    await run(VENV_PYTHON, [...pip, '-r', REQUIREMENTS], { maxBuffer: 2 ** 26 });
  } catch (error) {
    throw new PythonUnavailableError(
      'pip could not install emulator/requirements.txt into .venv: check the network, ' +
        `or install those versions for python3 yourself, and try again.\n${lastLines(error)}`,
      { cause: error },
    );
  }
  await writeFile(COMPLETE, requirements);
};

/**
 * Gives the path of a Python ≥ 3.10 that has exactly the versions of `requirements.txt`: the
 * `python3` on the PATH, else the project's `.venv`, which is made when it is missing or not
 * complete. Several processes may call it at once.
 *
 * @param report is told what is going on when it takes long.
 * @throws PythonUnavailableError when there is no such Python and none can be made.
 */
export const ensurePython = async (report?: (line: string) => void): Promise<string> => {
  const requirements = await readFile(REQUIREMENTS, 'utf8');
  const pinned = pinnedVersions(requirements);
  let base: string | undefined;
  for (const candidate of CANDIDATES) {
    const found = await fitness(candidate, pinned);
    if (found === 'ready') return candidate;
    if (found === 'recent') {
      base = candidate;
      break;
    }
  }
  if (await isComplete(requirements, pinned)) return VENV_PYTHON;
  const recent = base;
  if (recent === undefined) {
    throw new PythonUnavailableError(
      'The embedded AWS needs Python 3.10 or newer, and none is on the PATH: install python3 ' +
        'with its venv module and try again.',
    );
  }
  return withLock(async () => {
    if (await isComplete(requirements, pinned)) return VENV_PYTHON;
    report?.('Installing the embedded AWS (moto) into .venv; this happens once');
    await install(recent, requirements);
    return VENV_PYTHON;
  });
};
