import type { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { publicTrailKeyOf } from './aws/public-trail-key.ts';
import { readTaggedSnapshots } from './aws/snapshots.ts';
import { isCaseIdOf } from './case/case.ts';
import { defined } from './case/defined.ts';
import { InstanceNotFoundError } from './case/errors.ts';
import type { FoundCase, VerifyCaseDeps } from './find-case.ts';
import { findCase } from './find-case.ts';
import { orDoubt } from './or-doubt.ts';
import { readKnownHead } from './record/chain/known-head.ts';
import { betweenReads, readVersions } from './record/chain/read-versions.ts';
import type { KnownHead } from './record/chain/verify-record.ts';
import type { EvidenceCase } from './record/evidence-store/keys.ts';
import { shelfOf } from './record/evidence-store/keys.ts';
import type { Bucket } from './record/evidence-store/objects.ts';
import { listKeys } from './record/evidence-store/objects.ts';
import { caseTag } from './record/trail/keys.ts';
import { tagsByResource } from './record/trail/seal/judge-trail.ts';
import type { ReadCase, ReadTrail } from './retelling/retell.ts';
import { retell } from './retelling/retell.ts';
import type { Retelling, RetoldFrom } from './retelling/retelling.ts';
import { withCalls } from './with-calls.ts';

/** What a case is retold with. */
export type RetellDeps = VerifyCaseDeps & {
  readonly dynamoDb: DynamoDBClient;
  /** The evidence store; undefined where no stack is known. */
  readonly bucket: Bucket | undefined;
  /** The case table; undefined where no stack is known. */
  readonly caseTableName: string | undefined;
};

/** Which case is retold, and how. */
export interface ToRetell {
  readonly case: EvidenceCase;
  readonly from: RetoldFrom;
  /** Heads that a person knows, from a message for one. */
  readonly heads: readonly KnownHead[];
}

const onlyCordons = (tags: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => key.startsWith('cordon:')));

const trailOf = (found: FoundCase | undefined, snapshots: ReadTrail['snapshots']): ReadTrail => {
  if (found === undefined) return { tags: {}, seals: {}, snapshots };
  const all = Object.entries(tagsByResource(found.before.instance));
  return {
    tags: Object.fromEntries(all.map(([id, tags]) => [id, onlyCordons(tags)])),
    seals: found.seals,
    snapshots,
  };
};

const findOrNone = (deps: RetellDeps, { instanceId, region }: EvidenceCase) =>
  findCase(deps, instanceId, region).catch((error: unknown) => {
    if (error instanceof InstanceNotFoundError) return undefined;
    throw error;
  });

const readTrail = async (deps: RetellDeps, theCase: EvidenceCase): Promise<ReadTrail> => {
  const [found, snapshots] = await Promise.all([
    findOrNone(deps, theCase),
    readTaggedSnapshots(deps.clients.ec2, caseTag, theCase.caseId),
  ]);
  return trailOf(found, snapshots);
};

const readRecord = async (
  all: RetellDeps,
  theCase: EvidenceCase,
  unread: string[],
): Promise<Pick<ReadCase, 'versions' | 'local' | 'heads' | 'pending'>> => {
  const { bucket } = all;
  if (bucket === undefined) {
    const local = (await all.journal?.entries(theCase, theCase.caseId)) ?? [];
    if (local.length > 0) return { local, heads: [], pending: 0 };
    unread.push('the record: no stack with an evidence store is known');
    return { heads: [], pending: 0 };
  }
  const versions = await readVersions(bucket, theCase);
  // Read after the objects: the table never knows less of them then.
  return { versions, ...(await readKnownHead(all, theCase, unread)) };
};

/** Whether the case that the instance's tags name instead is one that has a record. */
const namedCaseIsKnown = async (
  { bucket, journal }: RetellDeps,
  theCase: EvidenceCase,
  trail: ReadTrail | undefined,
): Promise<boolean> => {
  const { caseId, instanceId } = theCase;
  const named = trail?.tags[instanceId]?.[caseTag] ?? caseId;
  if (named === caseId || !isCaseIdOf(named, instanceId)) return false;
  const other = { ...theCase, caseId: named };
  const known =
    bucket === undefined
      ? await journal?.entries(other, named)
      : await listKeys(bucket, shelfOf(other, 'record'));
  return known !== undefined && known.length > 0;
};

const readOnce = async (all: RetellDeps, wanted: ToRetell): Promise<ReadCase> => {
  const { case: theCase, from, heads } = wanted;
  const unread: string[] = [];
  const publicKey = await orDoubt(unread, 'the public key', async () =>
    (await publicTrailKeyOf(all))?.(),
  );
  const record = from === 'tags' ? undefined : await readRecord(all, theCase, unread);
  const trail = from === 'record' ? undefined : await readTrail(all, theCase);
  const isKnown = await orDoubt(unread, 'whether another case is known', () =>
    namedCaseIsKnown(all, theCase, trail),
  );
  return {
    ...{ case: theCase, from, publicKey, unread },
    heads: [...(record?.heads ?? []), ...heads],
    pending: record?.pending ?? 0,
    ...(record === undefined ? {} : defined({ versions: record.versions, local: record.local })),
    ...defined({ trail, namedCaseIsKnown: isKnown }),
  };
};

/**
 * Retells a case from its tags, from its record, or from both, and judges whether that can be believed.
 *
 * @param cloudTrail asked where a person wants its calls matched with CloudTrail.
 * @throws AwsDeniedError, AwsUnavailableError and their kin when AWS does not answer.
 */
export const retellCase = async (
  all: RetellDeps,
  wanted: ToRetell,
  cloudTrail?: CloudTrailClient,
): Promise<Retelling> => {
  let read = await readOnce(all, wanted);
  let story = retell(read);
  if (story.verdict === 'BROKEN' || story.verdict === 'DISAGREES') {
    await all.clock.sleep(betweenReads);
    read = await readOnce(all, wanted);
    story = retell(read);
  }
  return cloudTrail === undefined ? story : withCalls(all, cloudTrail, read, story);
};
