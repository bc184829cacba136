import type { HubIdentity } from '../../case/case.ts';
import { defined } from '../../case/defined.ts';
import type { HubFinding, HubResource } from './hub-finding.ts';
import {
  findingIdOf,
  guarddutyTypeAmong,
  isOfGuardduty,
  looksLikeSample,
  noteAuthor,
} from './hub-finding.ts';
import type { Ocsf } from './schema.ts';
import { ocsfSchema } from './schema.ts';

/** Detection Finding; 2002 are vulnerabilities and 2003 compliance (https://schema.ocsf.io/classes). */
const detection = 2004;

/** Informational, low, medium, high, critical and fatal, each at its lower end on GuardDuty's scale. */
const severities: ReadonlyMap<number, number> = new Map([
  [1, 0],
  [2, 1],
  [3, 4],
  [4, 7],
  [5, 9],
  [6, 10],
]);

const archivedStatus = 5;

const dismissalOf = ({ status_id: status, comment }: Ocsf): string | undefined => {
  if (status === 3) return 'The finding is suppressed in Security Hub.';
  if (status === 4) return 'The finding is resolved in Security Hub.';
  if (status === 6) return 'The finding is deleted in Security Hub.';
  return status === 2 && comment?.startsWith(`${noteAuthor}:`) === true
    ? 'Cordon itself noted its case in the finding.'
    : undefined;
};

const resourcesOf = ({ resources }: Ocsf): readonly HubResource[] =>
  (resources ?? []).flatMap((one) =>
    one === null
      ? []
      : [
          {
            type: one.type ?? '',
            id: one.uid ?? '',
            ...defined({ region: one.region ?? undefined }),
            tags: Object.fromEntries(
              (one.tags ?? []).flatMap((tag) =>
                tag === null ? [] : [[tag.name, tag.value ?? '']],
              ),
            ),
          },
        ],
  );

const identityOf = ({ cloud, finding_info: info, metadata }: Ocsf): HubIdentity | undefined => {
  const id = info?.uid;
  const accountId = cloud?.account?.uid;
  const productUid = metadata?.product?.uid;
  return id && accountId && productUid ? { format: 'ocsf', id, accountId, productUid } : undefined;
};

/** A finding in the Open Cybersecurity Schema Framework; undefined where it is no object. */
export const readOcsf = (value: unknown): HubFinding | undefined => {
  const { data } = ocsfSchema.safeParse(value);
  if (data === undefined) return undefined;
  const info = data.finding_info;
  const uid = info?.uid ?? 'unknown';
  const types = (info?.types ?? []).flatMap((one) => (one === null ? [] : [one]));
  const product = data.metadata?.product;
  const fromGuardduty = isOfGuardduty(uid, product?.name ?? product?.uid ?? '');
  const resources = resourcesOf(data);
  return {
    id: findingIdOf(uid),
    type: guarddutyTypeAmong(types) ?? types[0] ?? 'unknown',
    fromGuardduty,
    severity: severities.get(data.severity_id ?? 0) ?? null,
    at: [info?.last_seen_time_dt, info?.modified_time_dt, info?.created_time_dt, data.time_dt],
    isThreat: data.class_uid === detection,
    sample: looksLikeSample(info?.title ?? '', resources),
    archived: data.status_id === archivedStatus,
    resources,
    ...defined({
      since: info?.first_seen_time_dt ?? undefined,
      dismissal: dismissalOf(data),
      hub: identityOf(data),
      accountId: data.cloud?.account?.uid,
      region: data.cloud?.region,
    }),
  };
};
