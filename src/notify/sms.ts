import type { CaseReport } from '../case/report.ts';
import { isOpenNow } from './act-now.ts';
import { headline } from './subject.ts';

/** At most 140 characters of ASCII for a telephone. */
export const smsOf = (report: CaseReport): string => {
  const next = isOpenNow(report) ? ' ACT NOW.' : '';
  return `Cordon ${headline(report)} ${report.instanceId} ${report.region}.${next} ${report.trigger.type}`
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 140)
    .trimEnd();
};
