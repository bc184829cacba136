import { afterwards } from './afterwards.ts';
import { cut } from './cut.ts';
import type { Fault } from './fault.ts';
import { wayOfFindings } from './way-of-findings.ts';

const all: readonly Fault[] = [...wayOfFindings, ...cut, ...afterwards];

/** An account that has these is as before once they are mended, or has nothing wrong itself. */
const isPassing = ({ options, arrivals, plant, mend }: Fault): boolean =>
  options === undefined && arrivals === undefined && (plant === undefined || mend !== undefined);

/** Faults that one account can have one after the other. */
export const passingFaults = all.filter(isPassing);

/** Faults that take an account of their own. */
export const lastingFaults = all.filter((fault) => !isPassing(fault));
