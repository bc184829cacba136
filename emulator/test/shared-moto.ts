import { inject } from 'vitest';
import type { Emulator } from '../emulator.ts';
import { startEmulator } from '../emulator.ts';

let shared: Promise<Emulator> | undefined;

const start = async (): Promise<Emulator> => {
  const worker = process.env.VITEST_POOL_ID ?? '1';
  const answer = await fetch(`${inject('motos')}/${worker}`);
  if (!answer.ok) throw new Error(await answer.text());
  return startEmulator({ moto: { port: Number(await answer.text()) } });
};

/**
 * The emulator of this worker, whose files run one after the other, with the functions that are
 * loaded; each test empties it first. It ends with the worker.
 */
export const sharedEmulator = (): Promise<Emulator> => {
  shared ??= start();
  return shared;
};
