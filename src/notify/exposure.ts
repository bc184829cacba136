import type { CaseReport } from '../case/report.ts';
import { wasTerminated } from './act-now.ts';
import { clockMinute, clockTime, dayAndMinute } from './clock-time.ts';
import { duration } from './duration.ts';

/**
 * For how long EC2 hands out credentials of a role, in milliseconds, as it has been observed. AWS
 * documents no figure, only that the role's own maximum does not apply
 * (https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateRole.html).
 */
const credentialLifetime = 6.5 * 60 * 60 * 1_000;

/** Two moments: with seconds where minutes would be the same, with days where these differ. */
const between = (from: string, until: string): string => {
  if (Date.parse(until) - Date.parse(from) < 120_000) {
    return `${clockTime(from)} to ${clockTime(until)}`;
  }
  const sameDay = from.slice(0, 10) === until.slice(0, 10);
  return sameDay
    ? `${clockMinute(from)} to ${clockMinute(until)}`
    : `${dayAndMinute(from)} to ${dayAndMinute(until)}`;
};

/** For how long the host was seen active. A finding sees the beginning late, never early. */
const activeLine = (report: CaseReport): string | undefined => {
  const { trigger, isolatedAt } = report;
  const since = trigger.since ?? trigger.at;
  if (Number.isNaN(Date.parse(since))) return undefined;
  if (isolatedAt === undefined) {
    const unknown = trigger.source === 'manual' || report.status === 'release-incomplete';
    return unknown || wasTerminated(report)
      ? undefined
      : `Active since ${dayAndMinute(since)} at the latest.`;
  }
  if (trigger.source === 'manual') {
    return 'Active before the cut: not known, because no finding began this case.';
  }
  const seconds = Math.max(0, (Date.parse(isolatedAt) - Date.parse(since)) / 1_000);
  return `Active before the cut: ${duration(seconds)}, as the finding saw it (${between(since, isolatedAt)}).`;
};

/**
 * Until when credentials that left the host before the cut can work. Those that the host asks for
 * afterwards stay on it, as far as the cut holds.
 */
const credentialLine = (report: CaseReport): string | undefined => {
  const { isolatedAt, residualRisks, status } = report;
  const valid = residualRisks.some(({ risk }) => risk === 'role-credentials-valid');
  if (!valid || status === 'planned') return undefined;
  const cutAt = Date.parse(isolatedAt ?? '');
  return Number.isNaN(cutAt)
    ? 'Stolen credentials of its role work until they are revoked.'
    : `Stolen credentials of its role work until about ${dayAndMinute(new Date(cutAt + credentialLifetime).toISOString())}, unless you revoke them.`;
};

/** How long the host was active before the cut, and until when what was stolen from it works. */
export const exposureLines = (report: CaseReport): string[] => {
  const line = [activeLine(report), credentialLine(report)].filter((one) => one !== undefined);
  return line.length === 0 ? [] : [line.join(' ')];
};
