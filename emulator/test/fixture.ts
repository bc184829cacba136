import { beforeAll, beforeEach } from 'vitest';
import type { Emulator } from '../emulator.ts';
import { worldClients } from '../world/world-clients.ts';
import { sharedEmulator } from './shared-moto.ts';

/** One client per service. */
export const clientsFor = (emulator: Emulator) => {
  const { loadBalancing, loadBalancingV2, stepFunctions, ...others } = worldClients(emulator);
  return { ...others, elb: loadBalancing, elbV2: loadBalancingV2, sfn: stepFunctions };
};

type Clients = ReturnType<typeof clientsFor>;

/** An emulator that is empty before each test of a file. */
export const useEmulator = (): { readonly emulator: Emulator } & Clients => {
  let running: (Clients & { emulator: Emulator }) | undefined;
  beforeAll(async () => {
    const emulator = await sharedEmulator();
    running = { emulator, ...clientsFor(emulator) };
  }, 180_000);
  beforeEach(() => running?.emulator.reset());
  return new Proxy(Object.create(null), {
    get: (_, name) => running?.[name as keyof typeof running],
  });
};

/** Asks again until there is an answer, for at most four minutes: long enough for a busy machine. */
export const eventually = async <T>(ask: () => Promise<T | undefined>): Promise<T> => {
  const deadline = performance.now() + 240_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error('It did not happen within four minutes');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
};
