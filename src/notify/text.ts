import type { Control } from '../case/control.ts';
import { cordonCommand } from '../case/cordon-command.ts';
import type { IsolationDetail, PlanDetail } from '../case/details.ts';
import { oneLine } from '../case/one-line.ts';
import { quoted } from '../case/quoted.ts';
import type { CaseReport } from '../case/report.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { actNowLines, isOpenNow, wasTerminated } from './act-now.ts';
import { isActiveAfterCut } from './active-after-cut.ts';
import { instanceLink } from './console-links.ts';
import { duration } from './duration.ts';
import { forensicPathLines } from './forensic-path-line.ts';
import { collectsEvidence, foreseenLines } from './foreseen-lines.ts';
import { questionLines, questionStep } from './question-lines.ts';
import { cutFurtherLines, doneLine, nameOf, undoneLines } from './step-words.ts';
import { headline, kindOf } from './subject.ts';
import { clockTime, verdictLine } from './verdict-line.ts';

const sections = (parts: readonly (readonly [string, readonly string[]])[]): string =>
  parts
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n\n');

const holdsWord = {
  true: 'holds',
  false: 'DOES NOT HOLD',
  unknown: 'UNKNOWN',
  'not-applicable': 'not applicable',
} as const;

/** One line per control: whether it holds, and what was seen. */
export const proofLines = (proof: readonly Control[]): string[] =>
  proof.map(
    ({ control, holds, observed }) =>
      `${holdsWord[String(holds) as keyof typeof holdsWord]}: ${control}: ${oneLine(observed).slice(0, 300)}`,
  );

/** Two lines per risk: what it is, and what to do about it. */
export const riskLines = (risks: readonly ResidualRisk[]): string[] =>
  risks.flatMap(({ risk, explanation, remedy }) => [
    `${risk}: ${oneLine(explanation)}`,
    `  do: ${oneLine(remedy)}`,
  ]);

const keepRunning = 'Do not stop or reboot it: its memory would be lost.';

/** What to do now; the second line of the message. */
const nextStep = (report: CaseReport): string => {
  if (report.dryRun === true && report.status === 'failed') {
    return 'The rehearsal failed; nothing was changed.';
  }
  const question = questionStep(report);
  if (question !== undefined) return question;
  if (isOpenNow(report)) {
    return report.isolate === undefined || report.isolate === ''
      ? 'Look for the instance in your other accounts and Regions; Cordon acts where it is deployed.'
      : 'Paste the commands below, from a role that may change network interfaces, then check.';
  }
  if (wasTerminated(report)) {
    return 'Keep what is left: its snapshots, and the volumes that were not deleted with it.';
  }
  if (kindOf(report) === 'evidence') {
    return 'Analyse new volumes made from the snapshots, never the originals.';
  }
  if (isActiveAfterCut(report) && (report.status === 'contained' || report.status === 'partial')) {
    return 'It is isolated as far as AWS shows, and talks all the same: find out by which way (WHAT REMAINS, the flow logs), and cut that; stop the instance if you cannot.';
  }
  switch (report.status) {
    case 'contained':
      return `Nothing to do tonight. ${keepRunning}`;
    case 'partial':
      return `Read what does not hold and what remains, below. ${keepRunning}`;
    case 'running':
      return `Nothing to do yet: proof and evidence follow in a second message. ${keepRunning}`;
    case 'closed':
      return 'Nothing to do. What Cordon changed stays as it is, where the instance still exists; its snapshots are kept; delete them when nobody needs them.';
    case 'released':
      return 'Nothing to do: it serves as before. Snapshots are kept; delete them when nobody needs them.';
    case 'release-incomplete':
      return `What was not given back stays shut. Mend what stands above, then run again: ${cordonCommand('release', report)}`;
    case 'refused':
      return `The host is open. If that was wrong, contain it: ${cordonCommand('contain', report)}`;
    case 'planned':
    case 'skipped':
      return `If the finding is real, contain it by hand: ${cordonCommand('contain', report)}`;
    default:
      return oneLine(report.reason);
  }
};

const placeOf = (report: CaseReport): string =>
  `${nameOf(report)}account ${report.accountId || 'unknown'}, ${oneLine(report.region)}, case ${oneLine(report.caseId)}`;

/** For how long the cut itself left the interfaces open. */
const openWindow = (report: CaseReport): string[] => {
  const entry = report.steps.find(({ step }) => step === 'isolate-network');
  const { openMilliseconds = 0 } = (entry?.detail ?? {}) as Partial<IsolationDetail>;
  return typeof openMilliseconds !== 'number' || openMilliseconds === 0
    ? []
    : [`Wide open in the transition group for at most ${openMilliseconds} ms, to cut connections.`];
};

const why = ({ trigger }: CaseReport): string => {
  const severity = trigger.severity === null ? '' : `, severity ${trigger.severity}`;
  // Whoever starts an execution names any source and any type.
  const type = trigger.type === 'manual' ? 'manual' : quoted(trigger.type, 120);
  return `Why: ${type} (${trigger.source}${severity}), last seen ${oneLine(trigger.at)}`;
};

/** Why it began, how fast it went, what people need to know about the time before. */
const story = (report: CaseReport): string[] => {
  const { trigger } = report;
  return [
    why(report),
    ...(trigger.commonCause === undefined
      ? []
      : [`Shared with other compromised instances: ${quoted(trigger.commonCause, 200)}`]),
    ...(trigger.requestedBy === undefined
      ? []
      : [`Asked for by ${quoted(trigger.requestedBy, 100)}`]),
    ...(trigger.reason === undefined ? [] : [`Because: ${quoted(trigger.reason, 300)}`]),
    ...(report.secondsFromFinding === undefined
      ? []
      : [
          `Open for ${duration(report.secondsFromFinding)} after the finding was last seen; isolated at ${clockTime(report.isolatedAt)}.`,
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
    ...(report.residualRisks.some(({ risk }) => risk === 'role-credentials-valid')
      ? ['Credentials that were taken from it still work until they expire: see what remains.']
      : []),
  ];
};

const proofSummary = ({ proof }: CaseReport): string[] => {
  if (proof.length === 0) return [];
  const required = proof.filter((one) => one.required);
  const held = required.filter(({ holds }) => holds === true).length;
  const open = proof.filter((one) => one.holds === false || one.holds === 'unknown');
  return [
    `${held} of ${required.length} required controls hold, read at ${clockTime(proof.at(-1)?.readAt)}`,
    ...proofLines(open),
  ];
};

const planned = (report: CaseReport): string[] =>
  report.steps.flatMap((entry) => {
    const { calls = [] } = entry.detail as Partial<PlanDetail>;
    return calls.map(
      ({ call, resource, before, after, permission, message }) =>
        `${permission}: ${call} ${oneLine(`${resource}: ${before} → ${after}`)}${message === undefined ? '' : ` (${oneLine(message)})`}`,
    );
  });

/** Where the rest is. The commands of the undo open the host, so they stand only where one asks. */
const more = (report: CaseReport): string[] => {
  const { instanceId, region } = report;
  const changed = report.status === 'contained' || report.status === 'partial';
  return [
    ...(changed
      ? [
          `Look again at any time: ${cordonCommand('verify', report)}`,
          ...(collectsEvidence(report)
            ? [
                `Its evidence: ${cordonCommand('evidence', { ...report, instanceId: report.caseId })}`,
              ]
            : []),
          `False alarm? Give everything back: ${cordonCommand('release', report)}`,
          'The same as AWS commands is the key `undo` of the case report.',
        ]
      : []),
    ...(report.status === 'refused'
      ? [`Take its protections off again: ${cordonCommand('release', report)}`]
      : []),
    instanceLink(region, instanceId),
    ...(report.truncated === true ? ['Lists were shortened; the log has them whole.'] : []),
  ];
};

/**
 * The message for people. The first three lines say what stands, what to do now, and where; the last
 * line is the verdict again, for whoever reads on a terminal.
 */
export const textOf = (report: CaseReport): string => {
  const evidence = kindOf(report) === 'evidence';
  const { question } = report;
  const done = doneLine(report);
  return [
    verdictLine(report),
    nextStep(report),
    placeOf(report),
    '',
    sections([
      // A question has its own two commands; more than these would only hide them.
      ['NOW', question === undefined ? actNowLines(report) : questionLines(report)],
      ['WHAT HAPPENED', story(report)],
      ['DONE', evidence || done === undefined ? [] : [done]],
      ['NOT DONE', undoneLines(report)],
      ['CUT FURTHER', evidence ? [] : cutFurtherLines(report)],
      ['WHAT WOULD BE DONE, AND WHETHER AWS WOULD ALLOW IT', planned(report)],
      ['WHAT EVIDENCE WOULD BE COLLECTED', foreseenLines(report)],
      ['PROOF, READ BACK FROM AWS', evidence ? [] : proofSummary(report)],
      ['WHAT REMAINS', evidence ? [] : riskLines(report.residualRisks)],
      ['MORE', more(report)],
    ]),
    '',
    `${headline(report)} ${report.instanceId}`,
  ].join('\n');
};

/** At most 140 characters for a telephone. */
export const smsOf = (report: CaseReport): string => {
  const next = isOpenNow(report) ? ' ACT NOW.' : '';
  return `Cordon ${headline(report)} ${report.instanceId} ${report.region}.${next} ${report.trigger.type}`
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 140)
    .trimEnd();
};
