import type { CaseReport } from '../../src/case/report.ts';
import { timelineOfReport } from '../../src/case/report-timeline.ts';
import { entriesOfRecord, timelineOfRecord } from '../../src/record/chain/timeline.ts';
import type { JournalEntry } from '../../src/record/journal/entry.ts';
import type { Story } from '../../src/report-page/story.ts';
import {
  entryOf,
  isolatedEntry,
  proofWith,
  reportWith,
  verifiedEntry,
} from '../case/sample-report.ts';
import { entryWith, objectsOf } from '../record/chain/sample-record.ts';

const madeAt = '2027-03-01T09:00:00.000Z';

export const interfaceId = 'eni-0a1b2c3d4e5f60718';

export const interfaceWith = (id = interfaceId) => ({
  id,
  groupIds: ['sg-0123456789abcdef0'],
  privateAddresses: ['10.20.1.4'],
  ipv6Addresses: [],
  publicAddresses: ['54.214.153.207'],
});

const volume = { id: 'vol-e544e969b98c265a8', device: '/dev/sda1', deleteOnTermination: true };

/** What the step describe leaves in a report. */
export const describedWith = (interfaces: readonly object[] = [interfaceWith()]) =>
  entryOf('describe', {
    detail: {
      before: {
        instance: {
          instanceType: 'm5.large',
          networkInterfaces: interfaces,
          volumes: [volume],
        },
        autoScaling: { known: true, membership: { groupName: 'web' } },
      },
    },
  });

const deregistered = entryOf('deregister-load-balancers', {
  detail: {
    targets: [
      {
        targetGroupArn:
          'arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/fe0ae92dee152e90',
        port: 80,
      },
    ],
    loadBalancers: ['web-classic'],
  },
});

const snapshotted = entryOf('snapshot', {
  detail: { snapshots: [{ snapshotId: 'snap-687b39a689fe87f4f', volumeId: volume.id }] },
});

/** The report of a contained web server, as it lies in the record. */
export const wholeReport = (changes: Partial<CaseReport> = {}): CaseReport =>
  reportWith({
    name: 'web-7',
    steps: [
      describedWith(),
      deregistered,
      isolatedEntry(),
      snapshotted,
      verifiedEntry({ proof: proofWith() }),
    ],
    residualRisks: [
      {
        risk: 'icmp-tracked',
        explanation: 'An exchange of pings that was open may go on.',
        remedy: 'Deny the remote address in the network ACL of the subnet.',
      },
    ],
    ...changes,
  });

/** A case as its record tells it. */
export const storyOf = (
  report: CaseReport = wholeReport(),
  entries: readonly JournalEntry[] = [entryWith()],
  changes: Partial<Story> = {},
): Story => {
  const objects = objectsOf(report, [{ report, entries: [...entries] }]);
  return {
    report,
    timeline: timelineOfRecord(objects, report),
    entries: entriesOfRecord(objects),
    source: {
      kind: 'record',
      head: '9f3c1a20b77e4d01'.repeat(4),
      objects: 3,
      breaks: [],
      doubts: [],
      pending: 0,
    },
    notes: [],
    madeAt,
    ...changes,
  };
};

/** The same case, as its instance shows it, without a record. */
export const readBackStory = (report: CaseReport = wholeReport()): Story => ({
  report,
  timeline: timelineOfReport(report, 'tags').filter(({ kind }) => kind === 'step'),
  entries: [],
  source: {
    kind: 'read-back',
    why: 'there is no stack "cordon" with an evidence store in us-east-1.',
    line: `ISOLATED ${report.instanceId}: every required control holds (read 2027-03-01T08:59:58.000Z)`,
  },
  notes: [],
  madeAt,
});

/** What an attacker may have written into every word that is not Cordon's. */
export const hostileWords = [
  '<script>document.title="run"</script>',
  '"><img src=x onerror=document.title="run">',
  '</style><script>document.title="run"</script>',
  '</title></head><body onload=document.title="run">',
  '<svg onload=document.title="run">',
  "' onmouseover=document.title='run' x='",
  'javascript:document.title="run"',
  '[x](javascript:alert(1)) ![x](http://198.51.100.7/x.png) @everyone | cell',
  '\u202egnp.exe \u2066hidden\u2069 \u200b\u0000\u001b[31m',
  '`document.title="run"` ``` ````',
  `${'\u0301'.repeat(300)}x`,
  '界'.repeat(300),
  'x'.repeat(4_000),
].join(' ');

/** A case as large as cases get, with those words in every place that takes words from outside. */
export const hugeStory = (words = hostileWords): Story => {
  const interfaces = Array.from({ length: 30 }, (_, at) => ({
    ...interfaceWith(`eni-${String(at).padStart(17, '0')}`),
    publicAddresses: [words],
  }));
  const steps = Array.from({ length: 38 }, (_, at) =>
    entryOf('protect', {
      startedAt: `2026-11-20T03:00:${String(at + 1).padStart(2, '0')}.000Z`,
      finishedAt: `2026-11-20T03:00:${String(at + 2).padStart(2, '0')}.000Z`,
      outcome: at % 5 === 0 ? 'failed' : 'done',
      error: { code: words, message: words },
    }),
  );
  const changes = Array.from({ length: 200 }, (_, at) =>
    entryWith({
      id: `change-${at}`,
      resource: words,
      before: words,
      after: words,
      actor: `arn:aws:iam::123456789012:user/${words}`,
      call: words,
      requestId: words,
      outcome: words,
    }),
  );
  const report = wholeReport({
    name: words,
    region: words,
    reason: words,
    trigger: {
      ...{ source: 'guardduty', id: words, type: words, severity: 8, at: '2026-11-20T02:59:00Z' },
      ...{ requestedBy: words, reason: words, remoteAddresses: [words, words] },
    },
    steps: [describedWith(interfaces), isolatedEntry(), ...steps, verifiedEntry()],
    proof: proofWith({ 'eni-groups': { observed: words, holds: false } }),
    residualRisks: Array.from({ length: 40 }, () => ({
      risk: words,
      explanation: words,
      remedy: `aws ${words}`,
    })),
    undo: Array.from({ length: 300 }, () => `aws ec2 create-tags ${words.slice(0, 200)}`).join(
      '\n',
    ),
  });
  const drift = Array.from({ length: 20 }, (_, at) =>
    entryWith({
      id: `drift-${at}`,
      kind: 'drift',
      at: `2026-11-2${1 + (at % 8)}T0${at % 10}:00:00Z`,
      sentence: words,
    }),
  );
  return storyOf(report, [...changes, ...drift], {
    notes: [words],
    source: {
      kind: 'record',
      head: words,
      objects: 3,
      breaks: [words, words],
      doubts: [words],
      pending: 0,
    },
  });
};
