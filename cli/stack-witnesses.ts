import { makeCloudFormationClient } from '../src/aws/client/cloudformation.ts';
import { makeStepFunctionsClient } from '../src/aws/client/step-functions.ts';
import type { Deps } from '../src/aws/clients.ts';
import { giveUpAfter } from '../src/aws/deadline.ts';
import { inWords } from '../src/aws/errors.ts';
import { readStack } from '../src/aws/stack.ts';
import { InvalidSettingsError } from '../src/case/errors.ts';
import { oneLine } from '../src/case/one-line.ts';
import { readHistory } from '../src/read-history.ts';
import type { JournalCase } from '../src/record/trail/journal.ts';

/** The longest that a stack is waited for, in milliseconds: what it knows is useful, not necessary. */
const longestForStack = 5_000;

/** What a person is told who works without a stack: there is none, or it could not be read. */
const withoutStackWords = (stackName: string, region: string, trouble: unknown): string => {
  const why =
    trouble === undefined || trouble instanceof InvalidSettingsError
      ? `There is no stack "${stackName}" of Cordon's in ${region}`
      : `The stack "${stackName}" in ${region} could not be read (${oneLine(inWords(trouble)).slice(0, 200)})`;
  return `${why}; this process does everything, and the trail is not sealed (--stack names another stack).`;
};

/** What the stack can show of a trail; nothing of it where there is no stack. */
export interface StackWitnesses {
  readonly sealsAs: 'trail-by-hand';
  /** The machine that gives instances back; undefined where there is none. */
  readonly releaseStateMachineArn: Promise<string | undefined>;
  readonly stackTrailKeyArn: Promise<string | undefined>;
  /** The machine that collects evidence; undefined where there is none. */
  readonly stackEvidenceStateMachineArn: Promise<string | undefined>;
  /** Everything that the stack says of itself; nothing where there is none. */
  readonly outputs: Promise<Readonly<Record<string, string>>>;
  /** The table of the open cases; undefined where there is none. */
  readonly caseTableName: Promise<string | undefined>;
  /** True where AWS says that there is no such stack: one that could not be read may be there. */
  readonly stackIsAbsent: Promise<boolean>;
  /** Why nothing of a stack is used, for the person; undefined where a stack seals the trail. */
  readonly withoutStack: Promise<string | undefined>;
  readonly readHistory: (caseId: string, instanceId: string) => Promise<JournalCase | undefined>;
}

/**
 * Begins to read the outputs of the stack, so that nothing has to wait for them before they are
 * needed. Never rejects: without a stack a command works in process, with what tags and journal say.
 */
export const stackWitnesses = (deps: Deps, region: string, stackName: string): StackWitnesses => {
  const { clock, log } = deps;
  const cloudFormation = makeCloudFormationClient(log, region);
  let trouble: unknown;
  const outputs = giveUpAfter(clock, longestForStack, () =>
    readStack({ clients: { cloudFormation } }, stackName),
  ).catch((error: unknown): Readonly<Record<string, string>> => {
    trouble = error;
    log.warn('the stack could not be read', { stackName, error: inWords(error) });
    return {};
  });
  return {
    sealsAs: 'trail-by-hand',
    releaseStateMachineArn: outputs.then((one) => one.ReleaseStateMachineArn),
    caseTableName: outputs.then((one) => one.CaseTableName),
    stackTrailKeyArn: outputs.then(({ TrailKeyArn }) => TrailKeyArn),
    outputs,
    stackEvidenceStateMachineArn: outputs.then((one) => one.EvidenceStateMachineArn),
    stackIsAbsent: outputs.then(() => trouble instanceof InvalidSettingsError),
    withoutStack: outputs.then(({ TrailKeyArn }) =>
      TrailKeyArn === undefined ? withoutStackWords(stackName, region, trouble) : undefined,
    ),
    readHistory: async (caseId, instanceId) => {
      const { StateMachineArn = '' } = await outputs;
      if (StateMachineArn === '') return undefined;
      const clients = { stepFunctions: makeStepFunctionsClient(log, region) };
      return readHistory({ ...deps, clients }, StateMachineArn, caseId, instanceId);
    },
  };
};
