import type { Trigger } from './case.ts';
import type { IsolationDetail } from './details.ts';
import type { Judgement } from './judgement.ts';
import type { CaseReport } from './report.ts';

const secondsBetween = (from: string, to: string): number =>
  Math.max(0, Math.round(Date.parse(to) - Date.parse(from)) / 1000);

export const times = (
  trigger: Trigger,
  startedAt: string,
  isolatedAt: string | undefined,
): Pick<CaseReport, 'isolatedAt' | 'secondsToIsolate' | 'secondsFromFinding'> => {
  if (isolatedAt === undefined) return {};
  const secondsToIsolate = secondsBetween(startedAt, isolatedAt);
  return trigger.source === 'manual'
    ? { isolatedAt, secondsToIsolate }
    : { isolatedAt, secondsToIsolate, secondsFromFinding: secondsBetween(trigger.at, isolatedAt) };
};

/** When isolation was read back: by the isolating step itself, or at the latest by verify. */
export const isolationTime = (
  judgement: Judgement,
  isolation: IsolationDetail | undefined,
): string | undefined => {
  if (!judgement.isolated) return undefined;
  return isolation?.isolatedAt ?? judgement.seenIsolatedAt;
};
