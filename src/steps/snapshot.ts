import { CreateSnapshotsCommand } from '@aws-sdk/client-ec2';
import type { Change } from '../aws/change.ts';
import { rehearse } from '../aws/change.ts';
import type { Deps } from '../aws/clients.ts';
import { asCordonError, codeOf, inWords, isDenied, isUnavailable } from '../aws/errors.ts';
import type { FoundSnapshot } from '../aws/snapshots.ts';
import { coverage, readTaggedSnapshots, snapshotReadPermissions } from '../aws/snapshots.ts';
import { toTags, writeTags } from '../aws/tags.ts';
import type { Before } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import { caseBegan } from '../case/case.ts';
import type { PlanDetail, SnapshotDetail, SnapshotRecord } from '../case/details.ts';
import { SnapshotsFailedError } from '../case/errors.ts';
import type { StepResult } from '../case/step.ts';
import { caseTag, instanceTag } from '../trail/instance-tags.ts';
import { snapshotTags, snapshotVolumeTags } from '../trail/volume-tags.ts';
import type { StepInput } from './step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...snapshotReadPermissions,
  'ec2:CreateSnapshots',
  'ec2:CreateTags',
]);

type SnapshotDeps = Deps<'ec2' | 'ec2SingleAttempt'>;

/** How long a snapshot that was made may stay invisible, in milliseconds between two looks. */
const lookWaits = [0, 1_000, 2_000, 4_000] as const;

/** AWS takes two snapshots of one volume no closer than 15 seconds; a backup may be first. */
const betweenSnapshots = 15_000;

const toRecords = (found: readonly FoundSnapshot[], before: Before): SnapshotRecord[] =>
  found.map(({ snapshotId, volumeId }) => {
    const device = before.instance.volumes.find((volume) => volume.id === volumeId)?.device;
    return { snapshotId, volumeId, ...(device === undefined ? {} : { device }) };
  });

/**
 * The snapshots of this case that cover every volume. Tags can be written by anybody who may tag,
 * so a snapshot counts only if AWS says that it was begun after the case.
 */
const findExisting = async (
  { clients }: SnapshotDeps,
  theCase: Case,
  before: Before,
): Promise<readonly FoundSnapshot[] | undefined> => {
  const [key, value] = before.repeat
    ? [instanceTag, theCase.instanceId]
    : [caseTag, theCase.caseId];
  const found = await readTaggedSnapshots(clients.ec2, key, value);
  const since = caseBegan(theCase.caseId) ?? new Date(before.readAt);
  return coverage(
    found,
    before.instance.volumes.map((volume) => volume.id),
    since,
  );
};

const createChange = ({ clients }: SnapshotDeps, theCase: Case): Change => ({
  call: 'ec2:CreateSnapshots',
  resource: theCase.instanceId,
  send: (dryRun) =>
    clients.ec2SingleAttempt.send(
      new CreateSnapshotsCommand({
        InstanceSpecification: { InstanceId: theCase.instanceId, ExcludeBootVolume: false },
        Description: `Cordon evidence, case ${theCase.caseId}`,
        TagSpecifications: [
          {
            ResourceType: 'snapshot',
            Tags: toTags(snapshotTags(theCase.caseId, theCase.instanceId)),
          },
        ],
        ...(dryRun ? { DryRun: true } : {}),
      }),
    ),
});

interface CreatedSnapshots {
  readonly Snapshots?: readonly { readonly SnapshotId?: string; readonly VolumeId?: string }[];
}

const fromAnswer = (answer: unknown, before: Before): SnapshotRecord[] =>
  ((answer as CreatedSnapshots).Snapshots ?? []).flatMap(({ SnapshotId, VolumeId }) =>
    SnapshotId === undefined || VolumeId === undefined
      ? []
      : toRecords(
          [{ snapshotId: SnapshotId, volumeId: VolumeId, state: 'pending', startedAt: undefined }],
          before,
        ),
  );

/** The answer was lost: the call has no client token, so look before anything is repeated. */
const lookAfterLostAnswer = async (
  deps: SnapshotDeps,
  theCase: Case,
  before: Before,
): Promise<SnapshotRecord[] | undefined> => {
  for (const milliseconds of lookWaits) {
    if (milliseconds > 0) await deps.clock.sleep(milliseconds);
    const found = await findExisting(deps, theCase, before);
    if (found !== undefined) return toRecords(found, before);
  }
  return undefined;
};

const take = async (
  deps: SnapshotDeps,
  theCase: Case,
  before: Before,
): Promise<SnapshotRecord[]> => {
  const change = createChange(deps, theCase);
  // A throttled call took no effect and a lost answer leaves its tags: both may be tried again.
  for (let attempt = 1; ; attempt += 1) {
    try {
      return fromAnswer(await change.send(false), before);
    } catch (error) {
      if (isDenied(error)) throw asCordonError(error, 'Taking snapshots');
      if (codeOf(error) === 'SnapshotCreationPerVolumeRateExceeded' && attempt < 3) {
        await deps.clock.sleep(betweenSnapshots);
        continue;
      }
      if (!isUnavailable(error)) {
        throw new SnapshotsFailedError(
          `AWS refused the snapshots of ${theCase.instanceId} (${inWords(error)}). Take them by hand, volume by volume.`,
          { cause: error },
        );
      }
      const found = await lookAfterLostAnswer(deps, theCase, before);
      if (found !== undefined) return found;
      if (attempt >= 3) throw asCordonError(error, 'Taking snapshots');
    }
  }
};

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

/**
 * Step 7: snapshots of all volumes at one instant, tagged with the case. A set that this case has
 * already is used, never a second one taken.
 *
 * @throws SnapshotsFailedError when AWS refuses.
 * @throws AwsUnavailableError, AwsDeniedError when AWS could not be asked.
 */
export const snapshot = async (
  deps: SnapshotDeps,
  { case: theCase, before }: StepInput,
): Promise<StepResult<SnapshotDetail | PlanDetail>> => {
  if (before.instance.volumes.length === 0) {
    return { outcome: 'not-applicable', detail: { snapshots: [] } };
  }
  if (theCase.dryRun) {
    const calls = await rehearse([createChange(deps, theCase)]);
    return { outcome: 'planned', detail: { calls } };
  }
  const existing = await findExisting(deps, theCase, before);
  if (existing !== undefined) {
    const snapshots = toRecords(existing, before);
    await tagEach(deps, snapshots);
    return { outcome: 'already', detail: { snapshots } };
  }
  const snapshots = await take(deps, theCase, before);
  await tagEach(deps, snapshots);
  return { outcome: 'done', detail: { snapshots } };
};
