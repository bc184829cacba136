import type { DetachDetail } from '../case/details.ts';
import { oneLine } from '../case/one-line.ts';
import { quoted } from '../case/quoted.ts';
import type { ReinforceDetail } from '../case/reinforcement.ts';
import type { CaseReport } from '../case/report.ts';
import type { StepEntry } from '../case/step.ts';

/** What a step means to somebody who has never read the code. */
const meanings: Readonly<Record<StepEntry['step'], string>> = {
  describe: 'looked up',
  ask: 'a person was asked',
  tag: 'the trail was written to its tags',
  'detach-auto-scaling': 'taken out of its Auto Scaling group',
  'deregister-load-balancers': 'taken out of its load balancers',
  'prepare-isolation': 'isolation groups made ready',
  'isolate-network': 'network interfaces isolated',
  'reinforce-cut': 'cut further what no security group cuts',
  protect: 'protected against termination, stop and loss of volumes',
  snapshot: 'snapshots of its volumes begun',
  'check-snapshots': 'snapshots followed',
  'collect-evidence': 'further evidence being collected',
  'acquire-memory': 'memory saved',
  verify: 'everything read back',
  notify: 'told',
};

/** Steps that people need not hear of where they went well. */
const quiet: ReadonlySet<StepEntry['step']> = new Set([
  'describe',
  'ask',
  'prepare-isolation',
  'reinforce-cut',
  'verify',
  'notify',
  'check-snapshots',
]);

/** How the instance left its group is not always by detaching. */
const ways: Readonly<Record<string, string>> = {
  standby: 'put on standby in its Auto Scaling group',
  suspended:
    'the Auto Scaling group keeps it; the group is kept from terminating anything (see what remains)',
};

const wayOut = ({ step, detail }: StepEntry): string | undefined =>
  step === 'detach-auto-scaling' ? (detail as Partial<DetachDetail> | undefined)?.left : undefined;

/** A group that keeps the instance is nothing that was done, though the step did what it could. */
const isUndone = (entry: StepEntry): boolean =>
  entry.outcome === 'failed' || wayOut(entry) === 'suspended';

/** How many snapshots were begun; a report that had to be shortened has the number beside the list. */
const snapshotWords = ({ step, detail }: StepEntry): string | undefined => {
  if (step !== 'snapshot') return undefined;
  const { snapshots, snapshotsCount } = (detail ?? {}) as {
    readonly snapshots?: unknown;
    readonly snapshotsCount?: unknown;
  };
  const count = snapshotsCount ?? (Array.isArray(snapshots) ? snapshots.length : 0);
  return typeof count === 'number' && count > 0
    ? `${count} ${count === 1 ? 'snapshot' : 'snapshots'} of its volumes begun`
    : undefined;
};

const words = (entry: StepEntry): string =>
  ways[wayOut(entry) ?? ''] ?? snapshotWords(entry) ?? meanings[entry.step];

/** What was done, in one line; undefined where nothing was. */
export const doneLine = ({ steps }: CaseReport): string | undefined => {
  const fine = steps.filter(
    (entry) =>
      !isUndone(entry) &&
      !quiet.has(entry.step) &&
      (entry.outcome === 'done' || entry.outcome === 'already'),
  );
  return fine.length === 0
    ? undefined
    : fine
        .map((entry) => `${words(entry)}${entry.outcome === 'already' ? ' already' : ''}`)
        .join('; ');
};

/** What was not done, one line each, with the reason. */
export const undoneLines = ({ steps }: CaseReport): string[] =>
  steps
    .filter(isUndone)
    .map(
      (entry) => `${entry.step}: ${oneLine(entry.error?.message ?? words(entry)).slice(0, 500)}`,
    );

/** What was cut beside the groups, and for whom: a network ACL concerns a whole subnet. */
export const cutFurtherLines = (report: CaseReport): string[] => {
  const entry = report.steps.find(({ step }) => step === 'reinforce-cut');
  const { reinforcements } = (entry?.detail ?? {}) as Partial<ReinforceDetail>;
  if (!Array.isArray(reinforcements)) return [];
  return reinforcements
    .filter(({ cut }) => cut !== 'idle-timeouts')
    .map(({ cut, outcome, what }) => `${outcome}: ${cut}: ${oneLine(String(what)).slice(0, 500)}`);
};

/** The name that people know it by, if it has one, as words that are not Cordon's. */
export const nameOf = ({ name }: CaseReport): string =>
  name === undefined ? '' : `${quoted(name, 60)}, `;
