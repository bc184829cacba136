import type { CaseReport } from '../case/report.ts';
import { duration } from './duration.ts';

/** The word for the most important message of all. */
export const activeHeadline = 'ACTIVITY CONTINUES AFTER CONTAINMENT';

/** Whether traffic of the instance was seen long after it was cut off. */
export const isActiveAfterCut = ({ earlier }: CaseReport): boolean =>
  earlier?.activeAfterCut !== undefined;

/** What was seen, in one sentence; undefined where nothing was. */
export const activitySentence = ({ earlier, trigger }: CaseReport): string | undefined => {
  if (earlier?.activeAfterCut === undefined) return undefined;
  const seconds = (Date.parse(trigger.at) - Date.parse(earlier.activeAfterCut)) / 1_000;
  return `traffic that nothing blocked was seen ${duration(seconds)} after the cut`;
};
