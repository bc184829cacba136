import { globSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { inProject } from '../../emulator/project.ts';
import type { Cut } from '../../src/case/cut.ts';
import type { Status } from '../../src/case/judgement.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { subjectOf } from '../../src/notify/subject.ts';
import { entryOf, failedEntryOf, proofWith, reportWith } from '../case/sample-report.ts';
import { messages } from '../notify/every-message.ts';
import { template } from '../template/stack.ts';

const page = readFileSync(inProject('docs', 'alerts.md'), 'utf8');

/** Every status of a report; no report is `joined`, which is a word of intake's own result. */
const statuses: Readonly<Record<Exclude<Status, 'joined'>, true>> = {
  running: true,
  contained: true,
  partial: true,
  failed: true,
  planned: true,
  skipped: true,
  asked: true,
  refused: true,
  released: true,
  closed: true,
  'release-incomplete': true,
};

const cuts: readonly Cut[] = ['complete', 'new-flows-only', 'none'];

const { isolatedAt: _isolatedAt, secondsToIsolate: _seconds, ...notIsolated } = reportWith();

/** What makes one subject different from another, beside status and cut. */
const variants: readonly CaseReport[] = [
  reportWith(),
  notIsolated,
  reportWith({ dryRun: true }),
  reportWith({ reason: 'STOPPED: would have contained.' }),
  reportWith({ proof: [] }),
  reportWith({ proof: proofWith({ targets: { holds: false } }) }),
  reportWith({ proof: proofWith({ targets: { holds: false }, snapshots: { holds: false } }) }),
  reportWith({ earlier: { status: 'contained', activeAfterCut: '2026-11-20T03:00:00.000Z' } }),
  reportWith({ steps: [entryOf('check-snapshots', { detail: { failed: 0, pending: 0 } })] }),
  reportWith({ steps: [failedEntryOf('check-snapshots', 'denied')] }),
];

const subjectsOfReports = Object.keys(statuses).flatMap((status) =>
  cuts.flatMap((cut) =>
    variants.map((report) => subjectOf({ ...report, status: status as Status, cut })),
  ),
);

/** The words of a subject, without what differs from case to case. */
const wordsOf = (subject: string): string =>
  subject
    .replace('[Cordon] ', '')
    .replace(/(?: i-[0-9a-f…].*|:.*)$/, '')
    .replace(/\d+/g, 'n')
    .replace(/\bCONTROL\b/, 'CONTROLS');

const sent = new Set(
  [...subjectsOfReports, ...Object.values(messages).map((make) => make().Subject)].map(wordsOf),
);

/** What AWS writes for the stack: texts of rules, and alarms. */
const templates = [
  template,
  ...readdirSync(inProject('templates')).map((file) =>
    parse(readFileSync(inProject('templates', file), 'utf8'), { logLevel: 'silent' }),
  ),
];

const resources = templates.flatMap(({ Resources }) => Object.entries<{ Type: string }>(Resources));

const alarms = resources
  .filter(([, { Type }]) => /^AWS::CloudWatch::(?:Composite)?Alarm$/.test(Type))
  .map(([name]) => name);

const texts = resources.flatMap(([, one]) => [
  ...JSON.stringify(one).matchAll(/"InputTemplate":"\\"(\[Cordon\][^<]*)/g),
]);

interface Section {
  readonly title: string;
  readonly body: string;
}

const sectionsOf = (text: string): readonly Section[] =>
  text
    .split(/^## /m)
    .slice(1)
    .map((part) => {
      const [title = '', ...rest] = part.split('\n');
      return { title, body: rest.join('\n') };
    });

const titlesOf = (text: string): readonly string[] =>
  sectionsOf(text).flatMap(({ title }) =>
    [...title.matchAll(/`([^`]+)`/g)].map(([, subject = '']) => subject),
  );

/** Sections about what Cordon's own code sends. */
const explained = (text: string): ReadonlySet<string> =>
  new Set(
    titlesOf(text)
      .filter((title) => !title.startsWith('[Cordon]'))
      .map(wordsOf),
  );

describe('docs/alerts.md', () => {
  it('has a section for every subject that Cordon can send, and for none that it cannot', () => {
    expect([...explained(page)].toSorted()).toEqual([...sent].toSorted());
  });

  it('knows every place in the code that makes a subject', () => {
    const making = globSync('{src,cli,handlers}/**/*.ts', { cwd: inProject('.') })
      .filter((file) =>
        /\bSubject: (?:['`]\[|subjectOf)/.test(readFileSync(inProject(file), 'utf8')),
      )
      .map((file) => file.split('/').at(-1));
    expect(making.toSorted()).toEqual([
      'drift-message.ts',
      'evidence-message.ts',
      'living-message.ts',
      'message.ts',
      'not-ready-message.ts',
      'rejection.ts',
      'review-message.ts',
      'stop-message.ts',
      'unread.ts',
    ]);
  });

  it('explains what EventBridge writes for the stack', () => {
    expect(texts.length).toBeGreaterThan(0);
    for (const [, text = ''] of texts) {
      expect(titlesOf(page).some((title) => title.startsWith(text.trim()))).toBe(true);
    }
  });

  it('has a line for every alarm of the stack, and for none that it has not', () => {
    const { body = '' } = sectionsOf(page).find(({ title }) => title === 'Alarms') ?? {};
    const named = [...body.matchAll(/^\| `(\w+)` \|/gm)].map(([, name = '']) => name);
    expect(alarms.length).toBeGreaterThan(0);
    expect(named.toSorted()).toEqual(alarms.toSorted());
  });

  it.each(sectionsOf(page))(
    'says under $title what it means, what to do, what not to do',
    ({ body }) => {
      expect(body).toMatch(/^\*\*Means:\*\* \S/m);
      expect(body).toMatch(/^\*\*Do\b(?! not)[^*]*\*\*/m);
      expect(body).toMatch(/^\*\*Do not\*\* \S/m);
    },
  );
});

describe('This check would notice', () => {
  it('a section that is missing, and one about nothing', () => {
    expect(explained(page.replace('## `TOUCHED i-…`', '## More')).has('TOUCHED')).toBe(false);
    expect(explained('## `GONE i-…`\n')).toEqual(new Set(['GONE']));
    expect(sent.has('GONE')).toBe(false);
  });

  it('reads many headlines, whatever the numbers in them', () => {
    expect(sent.size).toBeGreaterThan(25);
    expect(wordsOf('[Cordon] EVIDENCE, 4 KINDS KEPT: i-46d7522cb61630da6')).toBe(
      'EVIDENCE, n KINDS KEPT',
    );
    expect(wordsOf('ISOLATED, 2 CONTROLS OPEN i-…')).toBe('ISOLATED, n CONTROLS OPEN');
  });
});
