import type { PrepareDetail } from '../case/details.ts';
import type { StepInput } from '../case/step-input.ts';
import { isolateOrPrepare } from '../steps/isolate-alone.ts';
import type { IsolateInput } from '../steps/isolate-network.ts';
import { describedStep } from './step-function.ts';

/** `prepared` is the result of the state before: an entry, or why there is none. */
type IsolateEvent = StepInput &
  Partial<Omit<IsolateInput, 'prepared'>> & { readonly prepared?: unknown };

/** What is prepared when preparing failed: isolation then says what is missing. */
const nothingPrepared: PrepareDetail = { groups: {}, originals: {}, risks: [] };

const detailOf = (prepared: unknown): PrepareDetail => {
  const detail =
    typeof prepared === 'object' && prepared !== null && 'detail' in prepared
      ? prepared.detail
      : undefined;
  return typeof detail === 'object' && detail !== null && 'groups' in detail
    ? (detail as PrepareDetail)
    : nothingPrepared;
};

/** Step 5: every network interface cut off; run alone it prepares the groups itself. */
export const isolateNetworkFunction = describedStep<never, IsolateEvent>({
  step: 'isolate-network',
  run: (deps, { prepared, ...input }) =>
    isolateOrPrepare(
      deps,
      prepared === undefined ? input : { ...input, prepared: detailOf(prepared) },
    ),
});
