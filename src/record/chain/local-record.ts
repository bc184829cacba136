import { partitionOf } from '../../case/partition.ts';
import type { EvidenceCase } from '../evidence-store/keys.ts';
import type { VerifiedRecord } from './verify-record.ts';

/**
 * What the journal of this machine has of a case as a record, where no stack keeps one. Nothing vouches for
 * it: whoever owns the machine can have written it.
 */
export const localRecord = (
  { caseId, instanceId, accountId, region }: EvidenceCase,
  entries: readonly unknown[],
): VerifiedRecord => ({
  objects: [
    {
      v: 1,
      purpose: 'case-record',
      ...{ caseId, instanceId, accountId, region, partition: partitionOf(region) ?? 'unknown' },
      number: 1,
      previous: null,
      occasion: 'later',
      appendedAt: new Date(0).toISOString(),
      appendedBy: { actor: 'this machine', program: 'cordon' },
      batches: [],
      entries: entries.filter(
        (one): one is Record<string, unknown> => typeof one === 'object' && one !== null,
      ),
    },
  ],
  broken: [],
  doubts: ['the record is the journal of this machine alone, for which nothing vouches'],
});
