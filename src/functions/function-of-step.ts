import type { StepName } from '../case/step.ts';

/** The logical name of the function of a step: `isolate-network` → `IsolateNetworkFunction`. */
export const functionOfStep = (step: StepName): string =>
  `${step.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Function`;
