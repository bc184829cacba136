import type { IsolationDetail } from '../case/details.ts';
import { oneLine } from '../case/one-line.ts';
import { quoted } from '../case/quoted.ts';
import type { CaseReport } from '../case/report.ts';
import { clockTime } from './clock-time.ts';
import { duration } from './duration.ts';
import { forensicPathLines } from './forensic-path-line.ts';

/** The most addresses that are shown; the case report has all. */
const shownAddresses = 3;

const remote = ({ remoteAddresses = [] }: CaseReport['trigger']): string => {
  const more = remoteAddresses.length - shownAddresses;
  const shown = remoteAddresses.slice(0, shownAddresses).map((one) => oneLine(one).slice(0, 45));
  if (shown.length === 0) return '';
  return `, remote ${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
};

/** Why it began, in one line: what was seen, how severe, and with whom. */
const why = ({ trigger }: CaseReport): string => {
  const severity = trigger.severity === null ? '' : `, severity ${trigger.severity}`;
  // Whoever starts an execution names any source and any type.
  const type = trigger.type === 'manual' ? 'manual' : quoted(trigger.type, 120);
  return `Why: ${type} (${trigger.source}${severity}${remote(trigger)}), last seen ${oneLine(trigger.at)}`;
};

/** For how long the cut itself left the interfaces open. */
const openWindow = (report: CaseReport): string[] => {
  const entry = report.steps.find(({ step }) => step === 'isolate-network');
  const { openMilliseconds = 0 } = (entry?.detail ?? {}) as Partial<IsolationDetail>;
  return typeof openMilliseconds !== 'number' || openMilliseconds === 0
    ? []
    : [`Wide open in the transition group for at most ${openMilliseconds} ms, to cut connections.`];
};

const claims = ({ trigger }: CaseReport): string[] => [
  ...(trigger.commonCause === undefined
    ? []
    : [`Shared with other compromised instances: ${quoted(trigger.commonCause, 200)}`]),
  ...(trigger.requestedBy === undefined
    ? []
    : [`Asked for by ${quoted(trigger.requestedBy, 100)}`]),
  ...(trigger.reason === undefined ? [] : [`Because: ${quoted(trigger.reason, 300)}`]),
];

/** Why it began, how fast it went, and how far the seconds can be believed. */
export const story = (report: CaseReport): string[] => [
  why(report),
  ...claims(report),
  ...(report.secondsFromFinding === undefined
    ? []
    : [
        `Isolated at ${clockTime(report.isolatedAt)}, ${duration(report.secondsFromFinding)} after the finding was last seen.`,
      ]),
  ...(report.unlocked === true
    ? ['The case table did not answer, so another finding may begin a second run of this case.']
    : []),
  ...openWindow(report),
  ...(report.dryRun === true ? forensicPathLines(report) : []),
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_RevokeSecurityGroupEgress.html
  ...(report.isolatedAt === undefined
    ? []
    : ['Isolated by what EC2 shows; AWS carries such changes out "as quickly as possible".']),
];
