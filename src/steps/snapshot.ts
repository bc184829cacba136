import { asCordonError, inWords, isDenied, isUnavailable } from '../aws/errors.ts';
import { snapshotReadPermissions } from '../aws/snapshots.ts';
import { writeTags } from '../aws/tags.ts';
import type { Before, Volume } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import { command } from '../case/command.ts';
import type { PlanDetail, SnapshotDetail, SnapshotRecord } from '../case/details.ts';
import { AwsUnavailableError, SnapshotsFailedError } from '../case/errors.ts';
import { snapshotsApart } from '../case/risks/snapshots.ts';
import type { StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import type { Change } from '../engine/change.ts';
import { rehearse } from '../engine/rehearse.ts';
import { snapshotVolumeTags } from '../record/trail/snapshot-tags.ts';
import type { SnapshotDeps } from './snapshots/find.ts';
import { findTaken } from './snapshots/find.ts';
import type { TakenEach } from './snapshots/take-each.ts';
import { takeEach } from './snapshots/take-each.ts';
import { createSet, takeSet } from './snapshots/take-set.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...snapshotReadPermissions,
  'ec2:CreateSnapshots',
  'ec2:CreateSnapshot',
  'ec2:CreateTags',
]);

const tagEach = async (
  { clients, log }: SnapshotDeps,
  records: readonly SnapshotRecord[],
): Promise<void> => {
  await Promise.all(
    records.map(async ({ snapshotId, volumeId, device }) => {
      try {
        await writeTags(clients.ec2, [snapshotId], snapshotVolumeTags(volumeId, device));
      } catch (error) {
        log.warn('a snapshot could not be tagged with its volume', {
          snapshotId,
          volumeId,
          error: inWords(error),
        });
      }
    }),
  );
};

const byHand = (region: string, { id }: Volume): string =>
  command(['aws', 'ec2', 'create-snapshot', '--region', region, '--volume-id', id]);

/** What is there, what is missing and why, and how to take it. */
const incomplete = (
  { instanceId, region }: Case,
  { taken, refused }: TakenEach,
): AwsUnavailableError | SnapshotsFailedError => {
  const has = taken.map(({ snapshotId, volumeId }) => `${volumeId} (${snapshotId})`);
  const missing = refused.map(({ volume, error }) => `${volume.id} (${inWords(error)})`);
  const Failure = refused.some(({ error }) => isUnavailable(error))
    ? AwsUnavailableError
    : SnapshotsFailedError;
  return new Failure(
    `Of the volumes of ${instanceId}, ${has.length === 0 ? 'none' : has.join(', ')} has a snapshot; AWS refused ${missing.join(', ')}: take them by hand as soon as AWS allows it, ${refused.map(({ volume }) => byHand(region, volume)).join(' ; ')}`,
    { cause: refused[0]?.error },
  );
};

/** Takes the missing snapshots, volume by volume, and returns them with those that were there. */
const complete = async (
  deps: SnapshotDeps,
  theCase: Case,
  before: Before,
  there: readonly SnapshotRecord[],
): Promise<StepResult<SnapshotDetail>> => {
  const missing = before.instance.volumes.filter(
    ({ id }) => !there.some(({ volumeId }) => volumeId === id),
  );
  const each = await takeEach(deps, theCase, before, missing);
  const snapshots = [...there, ...each.taken];
  if (each.refused.length > 0) {
    throw incomplete(theCase, { taken: snapshots, refused: each.refused });
  }
  return { outcome: 'done', detail: { snapshots, risks: [snapshotsApart(snapshots.length)] } };
};

const take = async (
  deps: SnapshotDeps,
  theCase: Case,
  before: Before,
): Promise<StepResult<SnapshotDetail>> => {
  try {
    return { outcome: 'done', detail: { snapshots: await takeSet(deps, theCase, before) } };
  } catch (error) {
    if (isUnavailable(error)) throw asCordonError(error, 'Taking snapshots');
    deps.log.error('the set of snapshots was refused; each volume is asked for by itself', {
      instanceId: theCase.instanceId,
      error: inWords(error),
    });
    return complete(deps, theCase, before, []).catch((failure: unknown) => {
      // Who may take no snapshot at all reads which permission the set needs.
      throw isDenied(error) ? asCordonError(error, 'Taking snapshots') : failure;
    });
  }
};

/**
 * Step 7: snapshots of all volumes at one instant, tagged with the case; volume by volume where EC2
 * refuses the set. A snapshot that this case has already is used, never a second one taken.
 *
 * @throws SnapshotsFailedError when a volume has none; it names those that have.
 * @throws AwsUnavailableError, AwsDeniedError when AWS could not be asked.
 */
export const snapshot = async (
  deps: SnapshotDeps,
  { case: theCase, before }: StepInput,
): Promise<StepResult<SnapshotDetail | PlanDetail>> => {
  const { volumes } = before.instance;
  if (volumes.length === 0) return { outcome: 'not-applicable', detail: { snapshots: [] } };
  if (theCase.dryRun) {
    const change: Change = {
      call: 'ec2:CreateSnapshots',
      resource: theCase.instanceId,
      before: 'no snapshot of this case',
      after: `one of each of ${volumes.length} volumes`,
      send: (dryRun) => createSet(deps, theCase, dryRun),
    };
    return { outcome: 'planned', detail: { calls: await rehearse([change]) } };
  }
  const there = await findTaken(deps, theCase, before);
  const result: StepResult<SnapshotDetail> =
    there.length === volumes.length
      ? { outcome: 'already', detail: { snapshots: there } }
      : there.length > 0
        ? await complete(deps, theCase, before, there)
        : await take(deps, theCase, before);
  await tagEach(deps, result.detail.snapshots);
  return result;
};
