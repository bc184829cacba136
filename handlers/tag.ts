import { tagFunction } from '../src/functions/tag.ts';
import { annotateTrace } from '../src/lambda/annotate-trace.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler({
  ...tagFunction,
  run: (deps, event) => {
    if (typeof event === 'object' && event !== null && 'case' in event) {
      const { caseId } = event.case as { readonly caseId?: string };
      if (caseId !== undefined) annotateTrace(caseId);
    }
    return tagFunction.run(deps, event);
  },
});
