import type { LockedSnapshotsInfo } from '@aws-sdk/client-ec2';
import { inWords, isUnavailable } from '../../aws/errors.ts';
import { sweep } from '../../aws/sweep.ts';
import { caseBegan } from '../../case/case.ts';
import { snapshotsSince } from '../../case/snapshots-since.ts';
import { instanceTag } from '../../record/trail/keys.ts';
import type { EvidenceDeps } from '../collector.ts';
import type { EvidenceInput } from '../kind.ts';
import type { CaseSnapshot } from './case-snapshot.ts';
import { copyTag, readByTag } from './case-snapshot.ts';
import type { Chosen } from './choose.ts';
import { choose, copyAmong } from './choose.ts';
import { readLocks } from './lock.ts';
import { secure } from './secure.ts';
import type { Standing } from './standing.ts';
import { nothing, together, trouble, waits } from './standing.ts';

/** How long snapshots may be missing; the step that takes them repeats for some minutes. */
const mostMissingMilliseconds = 30 * 60_000;

/** A look at everything: how the snapshots stand, and which they are. */
export interface Look {
  readonly standing: Standing;
  readonly ids: readonly string[];
}

const readChosen = async (
  { clients }: EvidenceDeps,
  { case: theCase, before }: EvidenceInput,
  chosenBefore: readonly string[],
): Promise<Chosen> => {
  // By the instance: a parallel run that began in the ten minutes before may have taken them.
  const tagged = await readByTag(clients.ec2, instanceTag, [theCase.instanceId]);
  return choose(
    tagged.map(({ snapshot }) => snapshot),
    before.instance.volumes.map(({ id }) => id),
    snapshotsSince(theCase.caseId, new Date(before.readAt)),
    chosenBefore,
  );
};

/** Copies of these by their sources; none are looked for where nobody asked for any. */
const readCopies = async (
  { clients, settings }: EvidenceDeps,
  { before }: EvidenceInput,
  sources: readonly CaseSnapshot[],
): Promise<ReadonlyMap<string, CaseSnapshot>> => {
  const { forensicAccountId, forensicKmsKeyArn } = settings;
  if (forensicAccountId === '' || forensicKmsKeyArn === '' || sources.length === 0) {
    return new Map();
  }
  const ids = sources.map(({ snapshotId }) => snapshotId);
  const tagged = await readByTag(clients.ec2, copyTag, ids);
  const runBegan = new Date(before.readAt);
  return new Map(
    sources.flatMap((source) => {
      const of = tagged.filter(({ value }) => value === source.snapshotId);
      const snapshots = of.map(({ snapshot }) => snapshot);
      const copy = copyAmong(snapshots, source, forensicKmsKeyArn, runBegan);
      return copy === undefined ? [] : [[source.snapshotId, copy] as const];
    }),
  );
};

type Locks = ReadonlyMap<string, LockedSnapshotsInfo>;

const readLocksOf = async (
  { clients, settings }: EvidenceDeps,
  all: readonly CaseSnapshot[],
): Promise<Locks> => {
  if (settings.snapshotLock === 'none') return new Map();
  const completed = all.filter(({ state }) => state === 'completed');
  return readLocks(
    clients.ec2,
    completed.map(({ snapshotId }) => snapshotId),
  );
};

/** What is not there, and what is there and is not the case's. */
const aside = ({ missing, others, gone }: Chosen, isStillTaking: boolean): readonly Standing[] => [
  ...(missing.length === 0
    ? []
    : isStillTaking
      ? [waits(`of ${missing.join(', ')} there is no snapshot yet`)]
      : [
          trouble(
            `of ${missing.join(', ')} there is no snapshot of this case: take one with aws ec2 create-snapshot while the volume is there`,
          ),
        ]),
  ...gone.map((id) =>
    trouble(`${id} was there and is not any more: look in CloudTrail who deleted it`),
  ),
  ...others.slice(0, 3).map((id) => ({
    ...nothing,
    notes: [`${id} bears the tags of the case, began later, and is not taken for its own`],
  })),
];

/** So long a case is followed: three days, as its report says. In milliseconds. */
const longestFollow = 3 * 24 * 3_600_000;

export const isTooLong = ({ clock }: EvidenceDeps, { case: theCase, before }: EvidenceInput) => {
  const began = caseBegan(theCase.caseId) ?? new Date(before.readAt);
  const since = Math.max(began.getTime(), new Date(before.readAt).getTime());
  return clock.now().getTime() - since > longestFollow;
};

/**
 * One look at the snapshots of a case; what can be done to them now is done.
 *
 * @throws AwsUnavailableError or what EC2 answered, when the whole look is worth repeating.
 */
export const look = async (
  deps: EvidenceDeps,
  input: EvidenceInput,
  chosenBefore: readonly string[],
): Promise<Look> => {
  const chosen = await readChosen(deps, input, chosenBefore);
  const { snapshots } = chosen;
  const copies = await readCopies(deps, input, snapshots);
  const locks = await readLocksOf(deps, [...snapshots, ...copies.values()]);
  const standings: Standing[] = [];
  const failures = await sweep(snapshots, async (snapshot) => {
    const copy = copies.get(snapshot.snapshotId);
    standings.push(await secure(deps, input, { snapshot, copy, locks }));
  });
  const busy = failures.find(({ error }) => isUnavailable(error));
  if (busy !== undefined) throw busy.error;
  const age = deps.clock.now().getTime() - new Date(input.before.readAt).getTime();
  return {
    standing: together([
      ...standings,
      ...failures.map(({ item, error }) => trouble(`${item.snapshotId}: ${inWords(error)}`)),
      ...aside(chosen, age < mostMissingMilliseconds),
    ]),
    ids: snapshots.map(({ snapshotId }) => snapshotId),
  };
};
