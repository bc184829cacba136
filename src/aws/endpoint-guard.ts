import { expectAwsHost, ignoreForeignEndpoints } from './endpoint-overrides.ts';

/** As much of a client's middleware stack as looking at the request needs. */
interface Stack {
  add(
    middleware: (
      next: (args: { readonly request?: unknown }) => Promise<unknown>,
    ) => (args: { readonly request?: unknown }) => Promise<unknown>,
    options: { readonly step: 'build'; readonly name: string; readonly override: boolean },
  ): void;
}

const hostnameOf = (request: unknown): string =>
  typeof request === 'object' && request !== null && 'hostname' in request
    ? String(request.hostname)
    : '';

/** A client that sends nothing to a host which is neither AWS nor this machine. */
export const guardEndpoint = <Client extends { middlewareStack: unknown }>(
  client: Client,
): Client => {
  ignoreForeignEndpoints(process.env);
  (client.middlewareStack as Stack).add(
    (next) => (args) => {
      expectAwsHost(hostnameOf(args.request));
      return next(args);
    },
    { step: 'build', name: 'cordonGuardEndpoint', override: true },
  );
  return client;
};
