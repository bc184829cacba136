import { trailKeyOf } from '../aws/trail-key.ts';
import { tag } from '../steps/tag.ts';
import { describedStep } from './step-function.ts';

/** Step 2, at the end: the trail, closed after verify, and sealed where the stack has a key. */
export const tagFunction = describedStep({
  step: 'tag',
  run: async (deps, input) => tag({ ...deps, ...(await trailKeyOf(deps)) }, input),
});
