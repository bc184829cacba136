import { annotateTrace } from '../src/lambda/annotate-trace.ts';
import { stepHandler } from '../src/lambda/step-handler.ts';
import { tag } from '../src/steps/tag.ts';

/** Step 2: the trail, opened at the start and closed after verify. */
export const handler = stepHandler({
  step: 'tag',
  run: (deps, input) => {
    annotateTrace(input.case.caseId);
    return tag(deps, input);
  },
});
