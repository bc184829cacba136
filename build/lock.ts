import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long to wait before looking again, in milliseconds. */
const lookAgain = 100;

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

const acquire = async (file: string): Promise<void> => {
  for (;;) {
    try {
      const lock = await open(file, 'wx');
      await lock.writeFile(String(process.pid));
      await lock.close();
      return;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
      const owner = Number(await readFile(file, 'utf8').catch(() => ''));
      // The file is empty for an instant after it was made, so only a known owner can be dead.
      if (owner > 0 && !isAlive(owner)) await rm(file, { force: true });
      else await sleep(lookAgain);
    }
  }
};

/**
 * Does the work while no other process does any under the same lock file. The lock of a process
 * that has died is taken over.
 */
export const withLock = async <Result>(
  file: string,
  work: () => Promise<Result>,
): Promise<Result> => {
  await mkdir(dirname(file), { recursive: true });
  await acquire(file);
  try {
    return await work();
  } finally {
    await rm(file, { force: true });
  }
};
