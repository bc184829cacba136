import type { CheckSnapshotsDetail } from '../case/details.ts';
import type { CaseReport } from '../case/report.ts';
import { stoppedWord } from '../case/stop-switch.ts';
import { isOpenNow } from './act-now.ts';
import { activeHeadline, isActiveAfterCut } from './active-after-cut.ts';

/** SNS takes ASCII without line breaks, fewer than 100 characters. */
export const maximumSubjectLength = 99;

/** What a message is about: the cut, the end of the case, or the evidence afterwards. */
export type MessageKind = 'isolated' | 'final' | 'evidence';

export const kindOf = (report: CaseReport): MessageKind => {
  if (report.steps.some((entry) => entry.step === 'check-snapshots')) return 'evidence';
  return report.status === 'running' ? 'isolated' : 'final';
};

/** True when the snapshots were followed to their end and none failed. */
export const evidenceIsComplete = (report: CaseReport): boolean => {
  const entry = report.steps.find((one) => one.step === 'check-snapshots');
  if (entry?.outcome !== 'done') return false;
  const { failed, pending } = entry.detail as Partial<CheckSnapshotsDetail>;
  return failed === 0 && pending === 0;
};

/** Isolated, and what else is so. */
const isolatedHeadline = (report: CaseReport): string => {
  if (report.cut !== 'complete') return 'ISOLATED, OLD CONNECTIONS MAY LIVE';
  if (kindOf(report) === 'isolated') return 'ISOLATED';
  const open = report.proof.filter(({ required, holds }) => required && holds !== true).length;
  if (open === 0) return 'ISOLATED, NOT VERIFIED';
  return `ISOLATED, ${open} ${open === 1 ? 'CONTROL' : 'CONTROLS'} OPEN`;
};

/** The word that a woken person reads first. */
export const headline = (report: CaseReport): string => {
  const kind = kindOf(report);
  if (isActiveAfterCut(report) && kind === 'final') return activeHeadline;
  if (report.dryRun === true && report.status === 'failed') return 'DRY RUN FAILED';
  if (kind === 'evidence') {
    return evidenceIsComplete(report) ? 'EVIDENCE' : 'EVIDENCE INCOMPLETE';
  }
  if (kind === 'isolated' || report.status === 'partial') {
    return report.isolatedAt === undefined ? 'NOT CONTAINED' : isolatedHeadline(report);
  }
  switch (report.status) {
    case 'contained':
      return 'CONTAINED';
    case 'planned':
      return 'OBSERVED';
    case 'failed':
      return 'NOT CONTAINED';
    case 'asked':
    case 'refused':
      return `${report.status.toUpperCase()}, THE HOST IS OPEN NOW`;
    case 'release-incomplete':
      return 'NOT FULLY RELEASED';
    case 'skipped':
      return report.reason.startsWith(stoppedWord) ? 'STOPPED' : 'SKIPPED';
    default:
      return report.status.toUpperCase();
  }
};

const ascii = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .replace(/ +/g, ' ')
    .trim();

/** `[Cordon] CONTAINED i-… in 1.9 s: <finding type>` */
export const subjectOf = (report: CaseReport): string => {
  const seconds =
    report.secondsToIsolate === undefined ||
    kindOf(report) === 'evidence' ||
    isActiveAfterCut(report)
      ? ''
      : ` in ${report.secondsToIsolate.toFixed(1)} s`;
  const act = headline(report) === 'NOT CONTAINED' && isOpenNow(report) ? ': ACT NOW' : '';
  const line = ascii(
    `[Cordon] ${headline(report)} ${report.instanceId}${seconds}${act}: ${report.trigger.type}`,
  );
  return line.length > maximumSubjectLength
    ? `${line.slice(0, maximumSubjectLength - 3).trimEnd()}...`
    : line;
};
