import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { Clock } from './aws/clock.ts';
import { defined } from './case/defined.ts';
import { matchCaseCalls } from './match-case-calls.ts';
import { orDoubt } from './or-doubt.ts';
import { readRecordObject } from './record/chain/record-object.ts';
import { storedObjects } from './record/chain/stored-object.ts';
import { entriesOfRecord } from './record/chain/timeline.ts';
import type { ReadCase } from './retelling/retell.ts';
import type { Retelling } from './retelling/retelling.ts';
import { judged } from './retelling/retelling.ts';

const entriesIn = ({ versions = [] }: ReadCase) =>
  entriesOfRecord(
    storedObjects(versions).flatMap(
      ({ bytes }) => readRecordObject(Buffer.from(bytes ?? []).toString('utf8')) ?? [],
    ),
  );

/** The story with what CloudTrail says of its calls. */
export const withCalls = async (
  { clock }: { readonly clock: Clock },
  cloudTrail: CloudTrailClient,
  read: ReadCase,
  story: Retelling,
): Promise<Retelling> => {
  const { caseId, instanceId } = read.case;
  const entries = entriesIn(read);
  const named = entries.flatMap(({ resource = '' }) =>
    /^(?:i|eni|vol|snap)-[0-9a-f]{8,17}$/.test(resource) ? [resource] : [],
  );
  const hanging = Object.keys(read.trail?.tags ?? {});
  const snapshots = (read.trail?.snapshots ?? []).map(({ snapshotId }) => snapshotId);
  const resources = [...new Set([instanceId, ...hanging, ...snapshots, ...named])];
  const ended = story.timeline.findLast(({ kind }) => kind === 'release')?.at;
  const calls = { caseId, entries, resources, ...defined({ ended }) };
  const unread: string[] = [];
  const matched = await orDoubt(unread, 'CloudTrail', () =>
    matchCaseCalls({ cloudTrail, clock }, calls),
  );
  return judged({
    ...story,
    disagreements: [...story.disagreements, ...(matched?.missing ?? [])],
    doubts: [...story.doubts, ...unread, ...(matched?.doubts ?? [])],
    remarks: [...story.remarks, ...(matched?.others ?? [])],
  });
};
