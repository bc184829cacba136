import type { Control } from '../case/control.ts';
import type {
  CheckSnapshotsDetail,
  DetachDetail,
  IsolationDetail,
  PlanDetail,
} from '../case/details.ts';
import { oneLine } from '../case/one-line.ts';
import type { ReinforceDetail } from '../case/reinforcement.ts';
import type { CaseReport } from '../case/report.ts';
import type { ResidualRisk } from '../case/risk.ts';
import type { StepEntry } from '../case/step.ts';
import { instanceLink, snapshotsLink } from './console-links.ts';
import { headline, kindOf } from './subject.ts';

/** What a step means to somebody who has never read the code. */
const meanings: Readonly<Record<StepEntry['step'], string>> = {
  describe: 'the instance was looked up',
  tag: 'the trail was written to its tags',
  'detach-auto-scaling': 'taken out of its Auto Scaling group',
  'deregister-load-balancers': 'taken out of its load balancers',
  'prepare-isolation': 'the isolation groups were made ready',
  'isolate-network': 'its network interfaces were isolated',
  'reinforce-cut': 'what no security group cuts was cut',
  protect: 'protected against termination, stop and loss of volumes',
  snapshot: 'snapshots of its volumes were begun',
  'check-snapshots': 'the snapshots were followed',
  'acquire-memory': 'its memory was saved',
  verify: 'everything was read back',
  notify: 'this message',
};

const sections = (parts: readonly (readonly [string, readonly string[]])[]): string =>
  parts
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [title, ...lines.map((line) => `  ${line}`)].join('\n'))
    .join('\n\n');

/** How the instance left its group is not always by detaching. */
const ways: Readonly<Record<string, string>> = {
  standby: 'put on standby in its Auto Scaling group',
  suspended:
    'the Auto Scaling group keeps it; the group is kept from terminating anything (see what remains)',
};

const wayOut = ({ step, detail }: StepEntry): string | undefined =>
  step === 'detach-auto-scaling' ? (detail as Partial<DetachDetail> | undefined)?.left : undefined;

const stepLine = (entry: StepEntry): string =>
  entry.error === undefined
    ? `${entry.step}: ${ways[wayOut(entry) ?? ''] ?? meanings[entry.step]} (${entry.outcome})`
    : `${entry.step}: ${oneLine(entry.error.message)}`;

/** A group that keeps the instance is nothing that was done, though the step did what it could. */
const isUndone = (entry: StepEntry): boolean =>
  entry.outcome === 'failed' || wayOut(entry) === 'suspended';

/** For how long the cut itself left the interfaces open. */
const openWindow = (report: CaseReport): string[] => {
  const entry = report.steps.find(({ step }) => step === 'isolate-network');
  const { openMilliseconds = 0 } = (entry?.detail ?? {}) as Partial<IsolationDetail>;
  return typeof openMilliseconds !== 'number' || openMilliseconds === 0
    ? []
    : [`wide open in the transition group for at most ${openMilliseconds} ms, to cut connections`];
};

const happened = (report: CaseReport): string[] => {
  const { trigger } = report;
  const severity = trigger.severity === null ? '' : `, severity ${trigger.severity}`;
  return [
    `${oneLine(trigger.type)} (${trigger.source}${severity}), last seen ${trigger.at}`,
    ...(trigger.requestedBy === undefined ? [] : [`asked for by ${oneLine(trigger.requestedBy)}`]),
    ...(trigger.reason === undefined ? [] : [`because: ${oneLine(trigger.reason)}`]),
    `instance ${report.instanceId}, account ${report.accountId || 'unknown'}, Region ${report.region}`,
    `case ${report.caseId}`,
    ...(report.secondsToIsolate === undefined
      ? []
      : [
          `isolated at ${report.isolatedAt}, ${report.secondsToIsolate.toFixed(1)} s after Cordon began`,
        ]),
    ...openWindow(report),
    ...(report.secondsFromFinding === undefined
      ? []
      : [`${report.secondsFromFinding.toFixed(0)} s after the finding was last seen`]),
  ];
};

const holdsWord = { true: 'holds', false: 'DOES NOT HOLD', unknown: 'UNKNOWN' } as const;

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

const evidence = (report: CaseReport): string[] => {
  const entry = report.steps.find((one) => one.step === 'check-snapshots');
  if (entry === undefined || entry.outcome === 'failed') return [];
  const { completed, pending, failed } = entry.detail as Partial<CheckSnapshotsDetail>;
  return [
    `${completed ?? 0} snapshots completed, ${pending ?? 0} pending, ${failed ?? 0} failed`,
    'Analyse new volumes made from the snapshots, never the originals.',
  ];
};

/** What was cut beside the groups, and for whom: a network ACL concerns a whole subnet. */
const cutFurther = (report: CaseReport): string[] => {
  const entry = report.steps.find(({ step }) => step === 'reinforce-cut');
  const { reinforcements } = (entry?.detail ?? {}) as Partial<ReinforceDetail>;
  if (!Array.isArray(reinforcements)) return [];
  return reinforcements
    .filter(({ cut }) => cut !== 'idle-timeouts')
    .map(({ cut, outcome, what }) => `${outcome}: ${cut}: ${oneLine(String(what))}`);
};

const planned = (report: CaseReport): string[] =>
  report.steps.flatMap((entry) => {
    const { calls = [] } = entry.detail as Partial<PlanDetail>;
    return calls.map(
      ({ call, resource, permission, message }) =>
        `${permission}: ${call} ${resource}${message === undefined ? '' : ` (${oneLine(message)})`}`,
    );
  });

const nextStep = (report: CaseReport): string => {
  if (report.dryRun === true && report.status === 'failed') {
    return 'The rehearsal failed; nothing was changed.';
  }
  if (report.status === 'failed') {
    return 'ACT NOW: the instance is not known to be isolated. Move its network interfaces to an isolation group by hand, or stop it if you can lose its memory.';
  }
  if (report.status === 'running') return 'Proof and evidence follow in a second message.';
  return oneLine(report.reason);
};

/** The message for people: what happened, done, not done, what remains, undo, where to look. */
export const textOf = (report: CaseReport): string => {
  const failed = report.steps.filter(isUndone);
  const fine = report.steps.filter(
    (entry) => !isUndone(entry) && (entry.outcome === 'done' || entry.outcome === 'already'),
  );
  const others = report.steps.filter((entry) =>
    ['planned', 'skipped', 'not-applicable'].includes(entry.outcome),
  );
  return [
    `${headline(report)}: ${report.instanceId}`,
    '',
    nextStep(report),
    ...(report.status === 'failed' ? [oneLine(report.reason)] : []),
    '',
    sections([
      ['WHAT HAPPENED', happened(report)],
      ['EVIDENCE', evidence(report)],
      ['DONE', kindOf(report) === 'evidence' ? [] : fine.map(stepLine)],
      ['NOT DONE', failed.map(stepLine)],
      ['CUT FURTHER', kindOf(report) === 'evidence' ? [] : cutFurther(report)],
      ['WHAT WOULD BE DONE, AND WHETHER AWS WOULD ALLOW IT', planned(report)],
      ['NOT CHANGED', others.map((entry) => `${entry.step}: ${entry.outcome}`)],
      ['PROOF, READ BACK FROM AWS', kindOf(report) === 'evidence' ? [] : proofLines(report.proof)],
      ['WHAT REMAINS', riskLines(report.residualRisks)],
      [
        'UNDO, IF THIS WAS A FALSE ALARM',
        report.status === 'running' ? [] : report.undo.split('\n'),
      ],
      [
        'LOOK',
        [
          instanceLink(report.region, report.instanceId),
          snapshotsLink(report.region, report.instanceId),
        ],
      ],
    ]),
    ...(report.truncated === true ? ['', 'Lists were shortened; the log has them whole.'] : []),
  ].join('\n');
};

/** At most 140 characters for a telephone. */
export const smsOf = (report: CaseReport): string => {
  const next = report.status === 'failed' && report.dryRun !== true ? ' ACT NOW.' : '';
  return `Cordon ${headline(report)} ${report.instanceId} ${report.region}.${next} ${report.trigger.type}`
    .replace(/[^\x20-\x7e]+/g, ' ')
    .slice(0, 140)
    .trimEnd();
};
