import type { Examination } from './examination.ts';

/**
 * `FAIL`: a part of Cordon would not work tonight. `warn`: it would, but something needs a look, or
 * could not be checked.
 */
export type State = 'ok' | 'warn' | 'FAIL';

/** What a check has found, in one sentence, and what to do about it. */
export interface Finding {
  readonly state: State;
  readonly says: string;
  readonly remedy?: string;
}

/** One thing that has to be so for Cordon to work: a file of checks/, and a line in index.ts. */
export interface Check {
  readonly name: string;
  /** What its calls take, as in a policy. */
  readonly permissions: readonly string[];
  /** How long it may take, in milliseconds, where it is longer than the others. */
  readonly patience?: number;
  /** May throw: what could not be read becomes a warning that says so. */
  readonly look: (examination: Examination) => Promise<readonly Finding[]>;
}

export const ok = (says: string): readonly Finding[] => [{ state: 'ok', says }];

export const warn = (says: string, remedy: string): readonly Finding[] => [
  { state: 'warn', says, remedy },
];

export const fail = (says: string, remedy: string): readonly Finding[] => [
  { state: 'FAIL', says, remedy },
];
