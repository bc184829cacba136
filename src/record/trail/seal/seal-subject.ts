import type { Instance } from '../../../case/before.ts';
import { partitionOf } from '../../../case/partition.ts';
import type { SealSubject } from './statement.ts';
import { unknownTime } from './statement.ts';

/** `2026-01-05T08:00:00Z`, as exactly as AWS tells it; a terminated instance has no interface to tell. */
const toSeconds = (time: string | undefined): string =>
  time === undefined ? unknownTime : `${time.slice(0, 19)}Z`;

/** What a seal of one resource of an instance speaks of. */
export const sealSubject = (
  { id, accountId, region, madeAt }: Instance,
  caseId: string,
  resource: string,
): SealSubject => ({
  partition: partitionOf(region) ?? 'unknown',
  account: accountId,
  region,
  resource,
  instance: id,
  launchTime: toSeconds(madeAt),
  case: caseId,
});
