import type { CaseReport } from '../src/case/report.ts';

/** What the shell is told. 0 done, 1 failed or partial, 2 usage or input, 3 needs a person. */
export const exitCodes = { done: 0, failed: 1, usage: 2, needsPerson: 3 } as const;

const ofReport = ({ status }: CaseReport): number => {
  switch (status) {
    case 'contained':
    case 'planned':
      return exitCodes.done;
    case 'skipped':
    case 'asked':
    case 'refused':
      return exitCodes.needsPerson;
    default:
      return exitCodes.failed;
  }
};

/** The worst of several cases; no case at all needs a person to look why. */
export const exitCodeOf = (reports: readonly CaseReport[]): number => {
  const codes = reports.map(ofReport);
  if (codes.includes(exitCodes.failed)) return exitCodes.failed;
  return codes.length === 0 ? exitCodes.needsPerson : Math.max(...codes);
};
