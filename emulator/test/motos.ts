import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestProject } from 'vitest/node';
import type { MotoProcess } from '../moto/moto-process.ts';
import { startMoto } from '../moto/moto-process.ts';
import { ensurePython } from '../moto/python.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    /** Where the port of a worker's moto is asked for, by the worker's number. */
    readonly motos: string;
  }
}

/**
 * One moto per worker of the whole run, started when the first file of the worker asks for it: a
 * file that starts its own spends more time on that than on its tests.
 */
export const setup = async (project: TestProject): Promise<() => Promise<void>> => {
  const motos = new Map<string, Promise<MotoProcess>>();
  const motoOf = (worker: string): Promise<MotoProcess> => {
    const known = motos.get(worker) ?? ensurePython().then((python) => startMoto(python, 0));
    motos.set(worker, known);
    return known;
  };
  const server = createServer((request, response) => {
    motoOf(request.url ?? '').then(
      ({ port }) => response.end(String(port)),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  project.provide('motos', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.close();
    const started = await Promise.allSettled(motos.values());
    await Promise.all(started.map((one) => one.status === 'fulfilled' && one.value.stop()));
  };
};
