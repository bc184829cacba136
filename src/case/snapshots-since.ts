import { caseBegan } from './case.ts';

/**
 * Two runs that begin side by side, at 9:59 and at 10:00, have two ids; the second uses the snapshots
 * of the first. In milliseconds.
 */
const sideBySide = 600_000;

/** The earliest moment at which snapshots that a case uses can have been begun. */
export const snapshotsSince = (caseId: string, otherwise: Date): Date => {
  const began = caseBegan(caseId);
  return began === undefined ? otherwise : new Date(began.getTime() - sideBySide);
};
