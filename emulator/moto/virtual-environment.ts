import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { withLock } from '../../build/lock.ts';

const run = promisify(execFile);

const WINDOWS = process.platform === 'win32';

/** The interpreters looked for on the PATH. A `python3` may be too old where a newer one lies by. */
const CANDIDATES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];

/** No interpreter could be found or furnished; the message says what to do. */
export class PythonUnavailableError extends Error {
  override readonly name = 'PythonUnavailableError';
}

/** A Python with packages to their exact versions. */
export interface VirtualEnvironment {
  /** Where it lies; made when it is missing or not complete. */
  readonly folder: string;
  /** Lines of `package==version`. */
  readonly requirementsFile: string;
  /** Modules that must be importable beside the pinned packages. */
  readonly modules: readonly string[];
  /** What it is for, as in "Installing …". */
  readonly title: string;
  /** True: a few runs, of a small part of what is installed. Default false. */
  readonly runsSeldom?: boolean;
}

// Exits 0 when the interpreter is recent and has exactly these versions and modules, 3 when it is
// recent only.
const CHECK = `
import sys
if sys.version_info < (3, 10): sys.exit(4)
from importlib import metadata, util
pinned = [a.split('==') for a in sys.argv[1:] if '==' in a]
modules = [a for a in sys.argv[1:] if '==' not in a]
try:
    exact = all(metadata.version(n) == v for n, v in pinned)
except metadata.PackageNotFoundError:
    exact = False
sys.exit(0 if exact and all(util.find_spec(n) for n in modules) else 3)
`;

type Fitness = 'ready' | 'recent' | 'unfit';

const fitness = async (python: string, needs: readonly string[]): Promise<Fitness> => {
  try {
    await run(python, ['-c', CHECK, ...needs]);
    return 'ready';
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 3 ? 'recent' : 'unfit';
  }
};

const pinnedIn = (requirements: string): string[] =>
  requirements
    .split('\n')
    .map((line) => line.trim().replace(/\[.*\]/, ''))
    .filter((line) => line !== '' && !line.startsWith('#'));

/** A program of a virtual environment: `python`, `sam`. */
export const programIn = (folder: string, name: string): string =>
  join(folder, WINDOWS ? 'Scripts' : 'bin', WINDOWS ? `${name}.exe` : name);

/** Holds the requirements once all of them are installed: an aborted install leaves none. */
const completeFile = (folder: string): string => join(folder, '.installed-requirements');

const lastLines = (error: unknown): string => {
  const output =
    error instanceof Error && 'stderr' in error && error.stderr !== ''
      ? String(error.stderr)
      : String(error);
  return output.trim().split('\n').slice(-5).join('\n');
};

const install = async (
  base: string,
  { folder, requirementsFile, runsSeldom = false }: VirtualEnvironment,
  requirements: string,
): Promise<void> => {
  for (const entry of await readdir(folder)) {
    if (entry !== '.lock') await rm(join(folder, entry), { recursive: true, force: true });
  }
  try {
    await run(base, ['-m', 'venv', folder]);
  } catch (error) {
    throw new PythonUnavailableError(
      `${base} cannot make a virtual environment in ${basename(folder)}: install its venv module ` +
        `(Debian, Ubuntu: apt-get install python3-venv) and try again.\n${lastLines(error)}`,
      { cause: error },
    );
  }
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check'];
  // What runs seldom is compiled as far as it is run; several that start at once should find it done.
  if (runsSeldom) pip.push('--no-compile');
  try {
    await run(programIn(folder, 'python'), [...pip, '-r', requirementsFile], {
      maxBuffer: 2 ** 26,
    });
  } catch (error) {
    throw new PythonUnavailableError(
      `pip could not install ${basename(requirementsFile)} into ${basename(folder)}: check the network, ` +
        `or install those versions for python3 yourself, and try again.\n${lastLines(error)}`,
      { cause: error },
    );
  }
  await writeFile(completeFile(folder), requirements);
};

/**
 * Gives the path of a Python ≥ 3.10 that has exactly the versions of the requirements: a Python on
 * the PATH, else the one of the virtual environment. Several processes may call it at once.
 *
 * @param report is told what is going on when it takes long.
 * @throws PythonUnavailableError when there is no such Python and none can be made.
 */
export const ensureEnvironment = async (
  environment: VirtualEnvironment,
  report?: (line: string) => void,
): Promise<string> => {
  const { folder, requirementsFile, modules, title } = environment;
  const requirements = await readFile(requirementsFile, 'utf8');
  const needs = [...pinnedIn(requirements), ...modules];
  const own = programIn(folder, 'python');
  const isComplete = async (): Promise<boolean> =>
    (await readFile(completeFile(folder), 'utf8').catch(() => '')) === requirements &&
    (await fitness(own, needs)) === 'ready';
  if (await isComplete()) return own;
  let base: string | undefined;
  for (const candidate of CANDIDATES) {
    const found = await fitness(candidate, needs);
    if (found === 'ready') return candidate;
    if (found === 'recent') {
      base = candidate;
      break;
    }
  }
  const recent = base;
  if (recent === undefined) {
    throw new PythonUnavailableError(
      `${title} needs Python 3.10 or newer, and none is on the PATH: install python3 ` +
        'with its venv module and try again.',
    );
  }
  await mkdir(folder, { recursive: true });
  return withLock(join(folder, '.lock'), async () => {
    if (await isComplete()) return own;
    report?.(`Installing ${title} into ${basename(folder)}; this happens once`);
    await install(recent, environment, requirements);
    return own;
  });
};
