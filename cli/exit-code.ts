import type { CaseReport } from '../src/case/report.ts';
import type { VerifiedCase } from '../src/case/verdict.ts';

/** What the shell is told; scripts rely on these numbers. 1 is a crash: nothing is known then. */
export const exitCodes = {
  /** What was asked for stands. */
  done: 0,
  /** Usage, input, credentials, no such instance: nothing was begun. */
  usage: 2,
  /** A person must decide. */
  person: 3,
  /** The instance is not isolated, or not known to be. */
  notIsolated: 4,
  /** Isolated, but connections that were open before may live. */
  oldConnections: 5,
  /** Isolated, but another required control does not hold. */
  openControls: 6,
  /** The run was abandoned or interrupted, after a read-back that showed isolation. */
  abandoned: 130,
} as const;

/** The last lines of `cordon --help`. */
export const exitCodeHelp = `
Exit codes:
  0    what was asked for stands
  2    usage, input, credentials, no such instance: nothing was begun
  3    a person must decide
  4    NOT ISOLATED (release: not given back)
  5    isolated, but connections that were open before may live
  6    isolated, but another required control does not hold
  130  interrupted after a read-back that showed isolation (else 4)
  1    a crash: nothing is known`;

const ofIsolated = ({ cut, proof }: CaseReport): number => {
  if (cut !== 'complete') return exitCodes.oldConnections;
  const open =
    proof.length === 0 || proof.some(({ required, holds }) => required && holds !== true);
  return open ? exitCodes.openControls : exitCodes.done;
};

const endedBy = ({ steps }: CaseReport, code: string): boolean =>
  steps.some(({ error }) => error?.code === code);

/** Nothing is left to isolate of a terminated instance, and nothing can be of one that is not there. */
const ofFailure = (report: CaseReport): number => {
  if (endedBy(report, 'InstanceTerminatedError')) return exitCodes.person;
  return endedBy(report, 'InstanceNotFoundError') ? exitCodes.usage : exitCodes.notIsolated;
};

const ofReport = (report: CaseReport): number => {
  switch (report.status) {
    case 'contained':
    case 'planned':
      return exitCodes.done;
    case 'partial':
      return ofIsolated(report);
    case 'skipped':
    case 'asked':
    case 'refused':
      return exitCodes.person;
    default:
      return ofFailure(report);
  }
};

const worstFirst: readonly number[] = [
  exitCodes.notIsolated,
  exitCodes.person,
  exitCodes.usage,
  exitCodes.oldConnections,
  exitCodes.openControls,
];

/** The worst of several exit codes; done where there is none. */
export const worstOf = (codes: readonly number[]): number =>
  worstFirst.find((code) => codes.includes(code)) ?? exitCodes.done;

/** The worst of several cases; no case at all needs a person to look why. */
export const exitCodeOf = (reports: readonly CaseReport[]): number =>
  reports.length === 0 ? exitCodes.person : worstOf(reports.map(ofReport));

/** Only an instance that is isolated ends with 0; a person looks after what is left of a gone one. */
export const exitCodeOfVerification = (report: VerifiedCase): number => {
  switch (report.verdict) {
    case 'ISOLATED':
      return ofIsolated(report);
    case 'TERMINATED':
      return exitCodes.person;
    default:
      return exitCodes.notIsolated;
  }
};
