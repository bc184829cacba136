import { paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { isCaseIdOf } from '../../case/case.ts';
import type { EvidenceCase } from '../evidence-store/keys.ts';
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

/** The cases of an account and Region that have a folder in the store. */
export const listCases = async (
  bucket: Bucket,
  about: Pick<EvidenceCase, 'accountId' | 'region'>,
): Promise<readonly EvidenceCase[]> => {
  const folder = `cases/${about.accountId}/${about.region}/`;
  const cases: EvidenceCase[] = [];
  for (const instanceId of await foldersIn(bucket, folder)) {
    const ids = await foldersIn(bucket, `${folder}${instanceId}/`);
    cases.push(
      ...ids
        .filter((caseId) => isCaseIdOf(caseId, instanceId))
        .map((caseId) => ({ ...about, instanceId, caseId })),
    );
  }
  return cases;
};
