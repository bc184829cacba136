import { stepHandler } from '../src/lambda/step-handler.ts';
import { isolateOrPrepare } from '../src/steps/isolate-alone.ts';
import type { IsolateInput } from '../src/steps/isolate-network.ts';
import type { StepInput } from '../src/steps/step-input.ts';

/** `attempt` counts how often the state ran before; from the second on the interfaces are read. */
type IsolateEvent = StepInput & Partial<IsolateInput> & { readonly attempt?: number };

/** Step 5: every network interface cut off; run alone it prepares the groups itself. */
export const handler = stepHandler<never, IsolateEvent>({
  step: 'isolate-network',
  run: (deps, { attempt, ...input }) =>
    isolateOrPrepare(deps, { ...input, again: (attempt ?? 0) > 0 }),
});
