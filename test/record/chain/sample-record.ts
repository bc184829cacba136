import { createHash } from 'node:crypto';
import type { CaseReport } from '../../../src/case/report.ts';
import type { RecordObject } from '../../../src/record/chain/record-object.ts';
import { writeRecordObject } from '../../../src/record/chain/record-object.ts';
import { caseFolder } from '../../../src/record/evidence-store/keys.ts';
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

type About = Pick<CaseReport, 'accountId' | 'region' | 'instanceId' | 'caseId'>;

type Part = Partial<Pick<RecordObject, 'occasion' | 'entries'>> & { readonly report?: object };

/** The objects of a record, each linked to the one before, as they lie in the store. */
export const recordOf = (
  { accountId, region, instanceId, caseId }: About,
  parts: readonly Part[],
) => {
  const written: { key: string; text: string; object: RecordObject }[] = [];
  for (const part of parts) {
    const before = written.at(-1);
    const number = written.length + 1;
    const object: RecordObject = {
      v: 1,
      purpose: 'case-record',
      ...{ caseId, instanceId, accountId, region, partition: 'aws', number },
      previous:
        before === undefined
          ? null
          : { key: before.key, sha256: createHash('sha256').update(before.text).digest('hex') },
      occasion: part.occasion ?? 'end',
      appendedAt: '2026-11-20T03:00:12.000Z',
      appendedBy: { actor: cutter, program: 'ReportFunction' },
      batches: [],
      entries: part.entries ?? [],
      ...(part.report === undefined ? {} : { report: { ...part.report } }),
    };
    const name = String(number).padStart(6, '0');
    const key = `${caseFolder({ accountId, region, instanceId, caseId })}record/${name}.json`;
    written.push({ key, text: writeRecordObject(object), object });
  }
  return written;
};
