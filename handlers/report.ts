import { asCordonError } from '../src/aws/errors.ts';
import type { CaseReport } from '../src/case/report.ts';
import { parseRecordEvent } from '../src/functions/record-event.ts';
import type { LambdaContext } from '../src/lambda/function-writer.ts';
import { makeLogger } from '../src/lambda/logger.ts';
import { goOnWithRecords, reportCase } from '../src/lambda/report-case.ts';
import { withoutStack } from '../src/lambda/without-stack.ts';
import type { Emptied } from '../src/record/chain/empty-outbox.ts';

const log = makeLogger({ step: 'report' });

/** The case report from the entries of the state machine's steps; alone appends to the records of cases. */
export const handler = async (
  event: unknown,
  context?: LambdaContext,
): Promise<CaseReport | { readonly records: readonly Emptied[] }> => {
  try {
    const which = parseRecordEvent(event);
    return which === undefined
      ? await reportCase(log, event, context)
      : await goOnWithRecords(log, which, context);
  } catch (error) {
    throw withoutStack(asCordonError(error, 'Assembling the report'), log);
  }
};
