import { createHash } from 'node:crypto';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { withLock } from './lock.ts';
import { commandFile, distFolder, inProject } from './paths.ts';

/** What the bundles are made of. */
const sources = ['src', 'handlers', 'cli', 'statemachine', 'build', 'package-lock.json'] as const;

/** Says which state of the sources `dist/` was built from; absent while it is being built. */
const stampFile = join(distFolder, '.sources');

const lockFile = inProject('node_modules', '.cordon-build.lock');

const filesUnder = (path: string): readonly string[] =>
  statSync(path).isFile()
    ? [path]
    : readdirSync(path, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .toSorted();

/** Changes whenever a source is changed, added, removed or renamed. */
const stateOfSources = (): string => {
  const hash = createHash('sha256');
  for (const file of sources.flatMap((source) => filesUnder(inProject(source)))) {
    const { size, mtimeMs } = statSync(file);
    hash.update(`${file}\n${size}\n${mtimeMs}\n`);
  }
  return hash.digest('hex');
};

const isBuilt = async (state: string): Promise<boolean> =>
  existsSync(commandFile) && (await readFile(stampFile, 'utf8').catch(() => '')) === state;

const build = async (): Promise<void> => {
  const state = stateOfSources();
  // The bundler is loaded only where something is built: loading it takes longer than looking.
  const { bundle } = await import('./bundle.ts');
  await mkdir(distFolder, { recursive: true });
  await rm(stampFile, { force: true });
  await bundle();
  await writeFile(stampFile, state);
};

/** Builds `dist/` whatever is there; waits while another process builds. */
export const rebuild = (): Promise<void> => withLock(lockFile, build);

/** Builds `dist/` if a source has changed since; says nothing. Several processes may ask at once. */
export const ensureBuilt = async (): Promise<void> => {
  if (await isBuilt(stateOfSources())) return;
  await withLock(lockFile, async () => {
    // Another process may have built it while this one waited.
    if (!(await isBuilt(stateOfSources()))) await build();
  });
};
