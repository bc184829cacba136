import type { Deps } from './aws/clients.ts';
import { giveUpAfter } from './aws/deadline.ts';
import { inWords } from './aws/errors.ts';
import { readFunctionResults } from './aws/execution-history.ts';
import type { StepEntry } from './case/step.ts';
import { vouchedBy } from './case/vouched.ts';
import type { JournalCase } from './record/trail/journal.ts';

/** The longest that a history is waited for, in milliseconds. */
const longestForHistory = 10_000;

const isEntry = (result: unknown): result is StepEntry =>
  typeof result === 'object' &&
  result !== null &&
  'step' in result &&
  'detail' in result &&
  typeof result.detail === 'object' &&
  result.detail !== null;

/**
 * What the execution of a case has written to tags, from its history; undefined where there is no
 * such execution, or none that could be read.
 */
export const readHistory = async (
  { clients, clock, log }: Deps<'stepFunctions'>,
  stateMachineArn: string,
  caseId: string,
  instanceId: string,
): Promise<JournalCase | undefined> => {
  try {
    const results = await giveUpAfter(clock, longestForHistory, () =>
      readFunctionResults(clients.stepFunctions, stateMachineArn, caseId, instanceId),
    );
    if (results === undefined) return undefined;
    const values = vouchedBy(results.filter(isEntry));
    return { caseId, values, source: `the history of the execution ${caseId}` };
  } catch (error) {
    log.warn('the history of the execution could not be read', { caseId, error: inWords(error) });
    return undefined;
  }
};
