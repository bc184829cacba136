import { AsyncLocalStorage } from 'node:async_hooks';

/** The case that calls are made for; a run may learn its name late, when it adopts an earlier case. */
export interface CurrentCase {
  caseId: string;
}

const current = new AsyncLocalStorage<CurrentCase | undefined>();

/** Does work for a case: every AWS call of it bears the case in its user agent and its log line. */
export const underCase = <Result>(caseId: string, work: () => Promise<Result>): Promise<Result> =>
  current.run({ caseId }, work);

/** Does work for several cases at once: its AWS calls bear the id of none, whoever asked first. */
export const underNoCase = <Result>(work: () => Promise<Result>): Promise<Result> =>
  current.run(undefined, work);

/** The work under way turned out to belong to this case; outside of any case it does nothing. */
export const adoptCase = (caseId: string): void => {
  const store = current.getStore();
  if (store !== undefined) store.caseId = caseId;
};

/** The case as it is known by now: who keeps this sees also under which id it turns out to belong. */
export const currentCase = (): Readonly<CurrentCase> | undefined => current.getStore();

export const currentCaseId = (): string | undefined => current.getStore()?.caseId;

/** What the SDK hands to its middlewares about one request. */
interface RequestContext {
  userAgent?: [string, string?][];
}

interface Stack {
  add(
    middleware: (
      next: (args: unknown) => Promise<unknown>,
      context: RequestContext,
    ) => (args: unknown) => Promise<unknown>,
    options: { readonly step: 'initialize'; readonly name: string; readonly override: boolean },
  ): void;
}

/** CloudTrail keeps the user agent of a call; an id of a case has at most this many characters. */
const longestAgent = 50;

/**
 * Puts `cordon-<case>` into the user agent of each request, so that CloudTrail can be filtered by
 * case (https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html).
 * It is set per request: one client keeps its connections for all cases.
 */
export const nameCaseInUserAgent = <Client extends { middlewareStack: unknown }>(
  client: Client,
): Client => {
  (client.middlewareStack as Stack).add(
    (next, context) => (args) => {
      const caseId = currentCaseId();
      if (caseId !== undefined) {
        const agent = `cordon-${caseId}`.replace(/[^\w.-]/g, '-').slice(0, longestAgent);
        context.userAgent = [...(context.userAgent ?? []), [agent]];
      }
      return next(args);
    },
    { step: 'initialize', name: 'cordonNameCase', override: true },
  );
  return client;
};
