import { systemClock } from '../src/aws/clock.ts';
import { tagFunction } from '../src/functions/tag.ts';
import { annotateTrace } from '../src/lambda/annotate-trace.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';
import { journalTable } from '../src/lambda/journal-table.ts';
import { recordHeadIn } from '../src/record/chain/read-head.ts';

export const handler = functionHandler({
  ...tagFunction,
  run: (deps, event) => {
    if (typeof event === 'object' && event !== null && 'case' in event) {
      const { caseId } = event.case as { readonly caseId?: string };
      if (caseId !== undefined) annotateTrace(caseId);
    }
    const { log } = deps;
    const recordHead = recordHeadIn(journalTable(log), { clock: systemClock, log });
    return tagFunction.run({ ...deps, recordHead }, event);
  },
});
