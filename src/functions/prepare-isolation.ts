import { prepareIsolation } from '../steps/prepare-isolation.ts';
import { describedStep } from './step-function.ts';

/** Ahead of every change: what was before into tags, the isolation groups ready and read. */
export const prepareIsolationFunction = describedStep({
  step: 'prepare-isolation',
  run: prepareIsolation,
});
