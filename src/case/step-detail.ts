import type { StepEntry, StepName } from './step.ts';

/** The last entry of a step. */
export const lastOf = <Detail>(
  steps: readonly StepEntry[],
  name: StepName,
): StepEntry<Detail> | undefined =>
  steps.findLast(({ step }) => step === name) as StepEntry<Detail> | undefined;

/** The detail of a step that went through; a failed or planned one has none of its form. */
export const detailOf = <Detail>(
  steps: readonly StepEntry[],
  name: StepName,
): Detail | undefined => {
  const entry = lastOf<Detail>(steps, name);
  return entry?.outcome === 'done' || entry?.outcome === 'already' ? entry.detail : undefined;
};
