import type { Allowed } from '../endpoint-policy.ts';
import { allowedBy } from '../endpoint-policy.ts';
import { evidenceWay } from '../forensic-access.ts';
import type { ForensicFacts } from '../forensic-path.ts';
import { tableOf } from '../route-table.ts';
import type { Finding } from './finding.ts';
import { example } from './finding.ts';

type Facts = ForensicFacts & {
  readonly networkInterface: NonNullable<ForensicFacts['networkInterface']>;
};

const action = 's3:PutObject';

/** Whether the policy of the way, which names the bucket alone, lets evidence in. */
const mayUpload = (policy: string | undefined, { bucket, accountId }: Facts): Allowed => {
  const covers = (resource: string): Allowed => {
    const key = resource.split(`:s3:::${bucket}/`)[1];
    return key === undefined ? 'no' : key === '*' ? 'yes' : 'unknown';
  };
  return allowedBy(policy, { action, accountId, covers });
};

const missing = (words: string): readonly Finding[] => [{ missing: 'upload-way', words }];

/** What keeps evidence from the bucket: Cordon opens the way only where it ends there. */
export const uploadFindings = (facts: Facts): readonly Finding[] => {
  const { bucket, endpoints, routeTables, networkInterface } = facts;
  if (bucket === '') {
    return [
      {
        missing: 'upload-bucket',
        words: 'no bucket is set, so no way to S3 is opened: set ForensicUploadBucket',
      },
    ];
  }
  if (!routeTables.known) {
    return [{ words: `the route tables could not be read (${routeTables.why})` }];
  }
  // That the endpoints were not read is said where Systems Manager's are looked for.
  if (!endpoints.known) return [];
  if (tableOf(networkInterface, routeTables.value) === undefined) {
    return [{ words: `the route table of ${networkInterface.subnetId} was not found` }];
  }
  const way = evidenceWay(networkInterface, endpoints.value, routeTables.value, bucket);
  if (!way.open) return missing(`no way to the bucket, because ${way.why}: deploy ${example}`);
  const table = tableOf(networkInterface, routeTables.value);
  const target = table?.routes.find(({ destination }) => destination === way.prefixListId)?.target;
  const gateway = endpoints.value.find(({ id }) => id === target);
  switch (mayUpload(gateway?.policy, facts)) {
    case 'yes':
      return [];
    case 'no':
      return missing(
        `the policy of ${target} does not allow ${action}: allow it to the own account`,
      );
    case 'unknown':
      return [{ words: `whether the policy of ${target} allows ${action}` }];
  }
};
