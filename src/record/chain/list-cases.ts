import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { isCaseIdOf } from '../../case/case.ts';
import type { EvidenceCase } from '../evidence-store/keys.ts';
import { ownShelves } from '../evidence-store/keys.ts';
import type { Bucket } from '../evidence-store/objects.ts';

/** The names of the folders in a folder. */
const foldersIn = async ({ s3, name }: Bucket, folder: string): Promise<readonly string[]> => {
  const pages = paginateListObjectsV2(
    { client: s3 },
    { Bucket: name, Prefix: folder, Delimiter: '/' },
  );
  const names: string[] = [];
  for await (const { CommonPrefixes = [] } of pages) {
    names.push(...CommonPrefixes.map(({ Prefix = '' }) => Prefix.slice(folder.length, -1)));
  }
  return names;
};

/** Those of an instance's cases of which Cordon has put something. */
const ownCasesIn = async (
  bucket: Bucket,
  folder: string,
  instanceId: string,
): Promise<readonly string[]> => {
  const own: string[] = [];
  for (const caseId of await foldersIn(bucket, folder)) {
    if (!isCaseIdOf(caseId, instanceId)) continue;
    const shelves = await foldersIn(bucket, `${folder}${caseId}/`);
    if (shelves.some((shelf) => ownShelves.has(shelf))) own.push(caseId);
  }
  return own;
};

/**
 * The cases of an account and Region that are in the store.
 *
 * @param of the only instance whose cases are wanted; default: all.
 */
export const listCases = async (
  bucket: Bucket,
  about: Pick<EvidenceCase, 'accountId' | 'region'>,
  of?: string,
): Promise<readonly EvidenceCase[]> => {
  const folder = `cases/${about.accountId}/${about.region}/`;
  const cases: EvidenceCase[] = [];
  for (const instanceId of of === undefined ? await foldersIn(bucket, folder) : [of]) {
    const ids = await ownCasesIn(bucket, `${folder}${instanceId}/`, instanceId);
    cases.push(...ids.map((caseId) => ({ ...about, instanceId, caseId })));
  }
  return cases;
};
