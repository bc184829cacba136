import { makeCloudFormationClient } from '../src/aws/client/cloudformation.ts';
import { makeStepFunctionsClient } from '../src/aws/client/step-functions.ts';
import type { Deps } from '../src/aws/clients.ts';
import { giveUpAfter } from '../src/aws/deadline.ts';
import { inWords } from '../src/aws/errors.ts';
import { readStack } from '../src/aws/stack.ts';
import { readHistory } from '../src/read-history.ts';
import type { JournalCase } from '../src/trail/journal.ts';

/** The longest that a stack is waited for, in milliseconds: what it knows is useful, not necessary. */
const longestForStack = 5_000;

/** What a person is told who works without a stack. */
export const withoutStackWords = (stackName: string, region: string): string =>
  `There is no stack "${stackName}" in ${region} that answers; this process does everything, and the trail is not sealed (--stack names another stack).`;

/** What the stack can show of a trail; nothing of it where there is no stack. */
export interface StackWitnesses {
  readonly sealsAs: 'trail-by-hand';
  /** The machine that gives instances back; undefined where there is none. */
  readonly releaseStateMachineArn: Promise<string | undefined>;
  readonly stackTrailKeyArn: Promise<string | undefined>;
  readonly readHistory: (caseId: string, instanceId: string) => Promise<JournalCase | undefined>;
}

/**
 * Begins to read the outputs of the stack, so that nothing has to wait for them before they are
 * needed. Never rejects: without a stack a command works in process, with what tags and journal say.
 */
export const stackWitnesses = (deps: Deps, region: string, stackName: string): StackWitnesses => {
  const { clock, log } = deps;
  const cloudFormation = makeCloudFormationClient(log, region);
  const outputs = giveUpAfter(clock, longestForStack, () =>
    readStack({ clients: { cloudFormation } }, stackName),
  ).catch((error: unknown): Readonly<Record<string, string>> => {
    log.warn('the stack could not be read', { stackName, error: inWords(error) });
    return {};
  });
  return {
    sealsAs: 'trail-by-hand',
    releaseStateMachineArn: outputs.then((one) => one.ReleaseStateMachineArn),
    stackTrailKeyArn: outputs.then(({ TrailKeyArn }) => TrailKeyArn),
    readHistory: async (caseId, instanceId) => {
      const { StateMachineArn = '' } = await outputs;
      if (StateMachineArn === '') return undefined;
      const clients = { stepFunctions: makeStepFunctionsClient(log, region) };
      return readHistory({ ...deps, clients }, StateMachineArn, caseId, instanceId);
    },
  };
};
