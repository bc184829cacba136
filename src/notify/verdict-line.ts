import { controlOf } from '../case/control.ts';
import type { CheckSnapshotsDetail, IsolationDetail, PlanDetail } from '../case/details.ts';
import { notDone } from '../case/interrupted.ts';
import { oneLine } from '../case/one-line.ts';
import type { CaseReport } from '../case/report.ts';
import { wasTerminated } from './act-now.ts';
import { activitySentence, isActiveAfterCut } from './active-after-cut.ts';
import { clockTime } from './clock-time.ts';
import { headline, kindOf } from './subject.ts';

const reach = (report: CaseReport): string => {
  const entry = report.steps.find(({ step }) => step === 'isolate-network');
  const { profile } = (entry?.detail ?? {}) as Partial<IsolationDetail>;
  switch (profile) {
    case 'forensic':
      return 'only the responders reach it, and it reaches only the ways of the profile forensic';
    case 'egress-lockdown':
      return 'it goes on serving, and can open no connection beyond the allow list';
    default:
      return 'it can reach nobody, and nobody can reach it';
  }
};

const readBack = (report: CaseReport): string =>
  report.isolatedAt === undefined
    ? ''
    : ` (read back from AWS ${clockTime(
        controlOf(report.proof, 'eni-groups')?.readAt ?? report.isolatedAt,
      )})`;

/** How an instance that was not cut stands: read as open, or not known. */
const openness = ({ proof }: CaseReport): string =>
  controlOf(proof, 'eni-groups')?.holds === false
    ? 'it is STILL OPEN'
    : 'it is open, or not known to be isolated';

const ofFailure = (report: CaseReport): string =>
  report.dryRun === true || wasTerminated(report)
    ? oneLine(report.reason)
    : `ACT NOW, ${openness(report)}: ${oneLine(report.reason)}`;

const openControls = ({ proof }: CaseReport): string =>
  proof
    .filter(({ required, holds }) => required && holds !== true)
    .map(({ control }) => control)
    .join(', ');

const ofPartial = (report: CaseReport): string => {
  const open = openControls(report);
  if (report.cut !== 'complete') {
    return `new connections are cut; those that were open may live${open === '' ? '' : `; open too: ${open}`}`;
  }
  if (report.proof.length === 0) return oneLine(report.reason);
  return `${reach(report)}, but this does not hold: ${open}`;
};

const ofPlan = ({ steps }: CaseReport): string => {
  const calls = steps.flatMap(({ detail }) => (detail as Partial<PlanDetail>).calls ?? []);
  const count = (word: string) => calls.filter(({ permission }) => permission === word).length;
  const refused = count('denied') + count('refused');
  return `nothing was changed; ${count('allowed')} calls are allowed, ${count('untested')} cannot be tested, ${refused} are refused`;
};

const ofEvidence = ({ steps }: CaseReport): string => {
  const entry = steps.find(({ step }) => step === 'check-snapshots');
  if (entry === undefined || entry.outcome === 'failed')
    return 'nobody knows how its snapshots stand';
  const { completed = 0, pending = 0, failed = 0 } = entry.detail as Partial<CheckSnapshotsDetail>;
  return `${completed} snapshots completed, ${pending} pending, ${failed} failed`;
};

const standing = (report: CaseReport): string => {
  if (kindOf(report) === 'evidence') return ofEvidence(report);
  switch (report.status) {
    case 'contained': {
      const missing = notDone(report);
      return `${reach(report)}${readBack(report)}${missing === '' ? '' : `. ${missing}`}`;
    }
    case 'partial':
      return `${ofPartial(report)}${report.proof.length === 0 ? '' : readBack(report)}`;
    case 'running':
      return report.isolatedAt === undefined
        ? ofFailure(report)
        : `${report.cut === 'complete' ? reach(report) : ofPartial(report)}; proof and evidence follow`;
    case 'failed':
      return ofFailure(report);
    case 'planned':
      return ofPlan(report);
    default:
      return oneLine(report.reason);
  }
};

/** How the case stands; before that, that traffic was seen although it should not be. */
const sentence = (report: CaseReport): string => {
  const active = kindOf(report) === 'evidence' ? undefined : activitySentence(report);
  return active === undefined ? standing(report) : `${active}; ${standing(report)}`;
};

/** What the step notify says of itself where there is nobody to tell. */
export const noTopic = 'no topic is set';

/** Nobody reads a message that was not sent, so whoever reads this has to know. */
const untold = ({ steps }: CaseReport): string => {
  const entry = steps.find(({ step }) => step === 'notify');
  const { unpublished } = (entry?.detail ?? {}) as { readonly unpublished?: unknown };
  return unpublished === noTopic ? ' NOBODY ELSE WAS TOLD: NOTIFICATION_TOPIC_ARN is not set.' : '';
};

const seconds = (report: CaseReport): string =>
  report.secondsToIsolate === undefined || kindOf(report) === 'evidence' || isActiveAfterCut(report)
    ? ''
    : ` in ${report.secondsToIsolate.toFixed(1)} s`;

const ended = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);

/** The verdict in one line: the word, the instance, what that means. */
export const verdictLine = (report: CaseReport): string =>
  `${headline(report)} ${report.instanceId}${seconds(report)}: ${ended(sentence(report).slice(0, 700))}${untold(report)}`;
