import { inject } from 'vitest';
import type { Emulator } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/emulator.ts';

/**
 * An emulator for the tests of one file, on the moto of this file's worker: the files of a worker
 * run one after the other, and each finds it empty.
 */
export const startSharedEmulator = async (): Promise<Emulator> => {
  const worker = process.env.VITEST_POOL_ID ?? '1';
  const answer = await fetch(`${inject('motos')}/${worker}`);
  if (!answer.ok) throw new Error(await answer.text());
  return startEmulator({ moto: { port: Number(await answer.text()) } });
};
