import { inject } from 'vitest';
import type { Emulator } from '../../emulator/emulator.ts';
import { startEmulator } from '../../emulator/emulator.ts';

let shared: Promise<Emulator> | undefined;

const start = async (): Promise<Emulator> => {
  const worker = process.env.VITEST_POOL_ID ?? '1';
  const answer = await fetch(`${inject('motos')}/${worker}`);
  if (!answer.ok) throw new Error(await answer.text());
  return startEmulator({ moto: { port: Number(await answer.text()) } });
};

/**
 * The emulator of this file, on the moto of its worker, whose files run one after the other; each
 * test empties it first. Several fixtures of a file share it, with the functions that are loaded.
 */
export const sharedEmulator = (): Promise<Emulator> => {
  shared ??= start();
  return shared;
};

/** Ends the emulator of this file; the moto stays for the next one. */
export const stopSharedEmulator = async (): Promise<void> => {
  const running = shared;
  shared = undefined;
  await (await running)?.stop();
};
