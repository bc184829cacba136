import { quoted } from '../../case/quoted.ts';
import type { CaseReport } from '../../case/report.ts';
import { moment } from '../moments.ts';
import type { Cell, Section } from '../page.ts';
import { sceneOf } from '../scene.ts';
import type { Story } from '../story.ts';

const code = (text: string): Cell => ({ text, code: true });

const why = ({ trigger }: CaseReport): string => {
  const severity = trigger.severity === null ? '' : `, severity ${trigger.severity}`;
  const type = trigger.type === 'manual' ? 'a person asked' : quoted(trigger.type, 120);
  return `${type} (${trigger.source}${severity})`;
};

const askedBy = ({ trigger }: CaseReport): readonly (readonly [string, Cell])[] => [
  ...(trigger.requestedBy === undefined
    ? []
    : [['Asked for by', quoted(trigger.requestedBy, 100)] as const]),
  ...(trigger.reason === undefined ? [] : [['Because', quoted(trigger.reason, 300)] as const]),
];

const cuts = {
  complete: 'cut, as far as AWS’s own method can',
  'new-flows-only': 'those on some paths may live: see what remains',
  none: 'not cut',
} as const;

const sourceOf = ({ source }: Story): Cell => {
  switch (source.kind) {
    case 'record':
      return `the record, ${source.objects} objects`;
    case 'report':
      return 'the case report';
    default:
      return { text: 'a read-back, not the record', tone: 'doubt' };
  }
};

/** Times of a read-back are those of the reading, and say nothing of the case. */
const timesOf = ({ report, source }: Story): readonly (readonly [string, Cell])[] =>
  source.kind === 'read-back'
    ? [['Read back', moment(report.finishedAt)]]
    : [
        ['Last seen by the finding', moment(report.trigger.at)],
        ['First AWS call', moment(report.startedAt)],
        ['Isolated', report.isolatedAt === undefined ? 'no' : moment(report.isolatedAt)],
        ['Ended', report.finishedAt === undefined ? 'not yet' : moment(report.finishedAt)],
      ];

/** Which case it is, why it began, and where this page has it from. */
export const summarySection = (story: Story): Section => {
  const { report, source } = story;
  const scene = sceneOf(story);
  const remote = (report.trigger.remoteAddresses ?? []).filter((one) => typeof one === 'string');
  return {
    id: 'summary',
    title: 'The case',
    blocks: [
      {
        kind: 'facts',
        facts: [
          ['Instance', code(`${report.instanceId} ${scene?.type ?? ''}`.trim())],
          ...(report.name === undefined ? [] : [['Named', quoted(report.name, 128)] as const]),
          ['Account and Region', code(`${report.accountId} ${report.region}`)],
          ['Case', code(report.caseId)],
          ['Why', why(report)],
          ...askedBy(report),
          ...(remote.length === 0 ? [] : [['On the other side', code(remote.join(' '))] as const]),
          ...timesOf(story),
          ['Profile', scene?.profile ?? 'unknown'],
          ['Connections that were open', cuts[report.cut] ?? 'unknown'],
          ['Read from', sourceOf(story)],
          ...(source.kind === 'record' ? [['Record', code(source.head)] as const] : []),
        ],
      },
    ],
  };
};
