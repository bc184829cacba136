import { createHash } from 'node:crypto';
import type { RecordObject } from '../../../src/record/chain/record-object.ts';
import { writeRecordObject } from '../../../src/record/chain/record-object.ts';
import type { EvidenceCase } from '../../../src/record/evidence-store/keys.ts';
import { recordKey } from '../../../src/record/evidence-store/keys.ts';
import type { JournalEntry } from '../../../src/record/journal/entry.ts';

/** A role of Cordon's, as CloudTrail and the journal name it. */
export const cutter =
  'arn:aws:sts::123456789012:assumed-role/cordon-IsolateNetworkFunctionRole-1/cordon-isolate';

export const entryWith = (changes: Partial<JournalEntry> = {}): JournalEntry => ({
  id: 'entry-1',
  kind: 'change',
  at: '2026-11-20T03:00:01.100Z',
  actor: cutter,
  program: 'IsolateNetworkFunction',
  call: 'ec2:ModifyNetworkInterfaceAttribute',
  resource: 'eni-0a1b2c3d4e5f60718',
  before: 'sg-0123456789abcdef0',
  after: 'sg-0000000000000000a',
  requestId: '1f2e3d4c-0000-4000-8000-5a6b7c8d9e0f',
  outcome: 'done',
  ...changes,
});

/** What one object of a record is made of. */
export type Part = Partial<Pick<RecordObject, 'occasion'>> & {
  readonly entries?: readonly RecordObject['entries'][number][];
  readonly report?: object;
};

/** One object of a record, behind another. */
export const objectWith = (
  { accountId, region, instanceId, caseId }: EvidenceCase,
  { occasion = 'end', entries = [], report }: Part,
  number: number,
  previous: RecordObject['previous'],
): RecordObject => ({
  v: 1,
  purpose: 'case-record',
  ...{ caseId, instanceId, accountId, region, partition: 'aws', number, previous, occasion },
  appendedAt: '2026-11-20T03:00:12.000Z',
  appendedBy: { actor: cutter, program: 'ReportFunction' },
  batches: [],
  entries: [...entries],
  ...(report === undefined ? {} : { report: { ...report } }),
});

/** The objects of a record, each linked to the one before. */
export const objectsOf = (
  theCase: EvidenceCase,
  parts: readonly Part[],
): readonly RecordObject[] => {
  const objects: RecordObject[] = [];
  for (const part of parts) {
    const before = objects.at(-1);
    const previous =
      before === undefined
        ? null
        : {
            key: recordKey(theCase, before.number),
            sha256: createHash('sha256').update(writeRecordObject(before)).digest('hex'),
          };
    objects.push(objectWith(theCase, part, objects.length + 1, previous));
  }
  return objects;
};
