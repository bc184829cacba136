import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { reinforcementNames } from '../../src/actions/index.ts';
import { controlNames } from '../../src/case/control.ts';
import { isolationProfiles } from '../../src/case/isolation-profile.ts';
import { askDefaults } from '../../src/case/question.ts';
import { stepNames } from '../../src/case/step.ts';

const page = readFileSync(inProject('docs', 'threat-model.md'), 'utf8');
const riskSource = readdirSync(inProject('src', 'case', 'risks'))
  .map((file) => readFileSync(inProject('src', 'case', 'risks', file), 'utf8'))
  .join('\n');

/** The names of risks, as the report has them. */
const knownRisks: ReadonlySet<string> = new Set([
  ...[...riskSource.matchAll(/\brisk: '([a-z0-9-]+)'/g)].map(([, name = '']) => name),
  // The one whose name is put together, of the cut that did not come about.
  ...reinforcementNames.map((name) => `${name}-failed`),
]);

/** Directly above a test, or above further comments of it. */
const comment =
  /^[ \t]*\/\/ threat ([A-H]\d+(?:, [A-H]\d+)*)\n(?:[ \t]*\/\/[^\n]*\n)*[ \t]*(?:it|test|describe)\b/gm;

/** Attempts by the comments `// threat B5` above tests, each with the files that have one. */
const shownIn = (sources: ReadonlyMap<string, string>): ReadonlyMap<string, readonly string[]> => {
  const shown = new Map<string, string[]>();
  for (const [file, source] of sources) {
    for (const [, numbers = ''] of source.matchAll(comment)) {
      for (const number of numbers.split(', ')) {
        shown.set(number, [...(shown.get(number) ?? []), file]);
      }
    }
  }
  return shown;
};

/** Every mention, wherever it stands. */
const mentionsIn = (sources: ReadonlyMap<string, string>): number =>
  [...sources.values()].flatMap((source) => source.match(/^[ \t]*\/\/ threat /gm) ?? []).length;

const testFiles = (folder: string): readonly string[] =>
  readdirSync(inProject(folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => `${folder}/${name}`);

const sources: ReadonlyMap<string, string> = new Map(
  testFiles('test').map((file) => [file, readFileSync(inProject(file), 'utf8')]),
);

/** Attempts that no test shows, or only in part, by the sentence below each table. */
const withoutTest = (text: string): ReadonlyMap<string, 'whole' | 'part'> =>
  new Map(
    [...text.matchAll(/^No test: (.+)\.$/gm)].flatMap(([, list = '']) =>
      list
        .split(/, (?=[A-H]\d)/)
        .map((one) => [one.replace(/ .*/, ''), one.includes(' (') ? 'part' : 'whole'] as const),
    ),
  );

/** The names in the last column, `risk` or `risks` and then names in backticks. */
const risksIn = (text: string): readonly string[] =>
  [...text.matchAll(/\brisks? ((?:`[^`]+`(?:, | and )?)+)/gi)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );

/** Attempts by their number, in the tables. */
const attemptsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^\| ([A-H]\d+) \|/gm)].map(([, number = '']) => number);

describe('The threat model', () => {
  it('says of each attempt whether a test shows it: by its id, never by a title', () => {
    const attempts = attemptsIn(page);
    const shown = shownIn(sources);
    const without = withoutTest(page);
    expect(new Set(attempts).size).toBe(attempts.length);
    expect(page).not.toMatch(/`test\//);
    for (const number of attempts) {
      const said = without.get(number);
      expect(shown.has(number), number).toBe(said !== 'whole');
    }
  });

  it('knows every attempt that a test claims to show', () => {
    const attempts = new Set([...attemptsIn(page)]);
    expect([...shownIn(sources).keys()].filter((number) => !attempts.has(number))).toEqual([]);
    expect([...withoutTest(page).keys()].filter((number) => !attempts.has(number))).toEqual([]);
  });

  it('finds each such comment directly above a test', () => {
    const placed = [...sources.values()].flatMap((source) => source.match(comment) ?? []).length;
    expect(placed).toBeGreaterThan(50);
    expect(placed).toBe(mentionsIn(sources));
  });

  it('names risks that a report can have', () => {
    expect(risksIn(page).length).toBeGreaterThan(20);
    expect(risksIn(page).filter((name) => !knownRisks.has(name))).toEqual([]);
  });

  it('uses no name with hyphens that neither a report nor a setting knows', () => {
    const others = ['cordon-transition'];
    const vocabulary = new Set<string>([
      ...knownRisks,
      ...controlNames,
      ...stepNames,
      ...isolationProfiles,
      ...askDefaults,
      ...others,
    ]);
    const used = [...page.matchAll(/`([a-z0-9]+(?:-[a-z0-9]+)+)`/g)].map(([, name = '']) => name);
    expect(used.filter((name) => !vocabulary.has(name))).toEqual([]);
  });

  it('sums up at its beginning only attempts that it calls open', () => {
    const summary = page.slice(0, page.indexOf('\n## ', page.indexOf('\n## ') + 1));
    const numbers = [...summary.matchAll(/^- \*\*(.+?)\*\*:/gm)].flatMap(([, some = '']) =>
      some.split(', '),
    );
    expect(numbers.length).toBeGreaterThan(0);
    for (const number of numbers) {
      const row = page.split('\n').find((line) => line.startsWith(`| ${number} |`));
      expect(row, number).toContain('**open**');
    }
  });
});

describe('This check would notice', () => {
  const of = (source: string) => [...shownIn(new Map([['a.test.ts', source]])).keys()];

  it('a test whose id has gone, and one that stands above nothing', () => {
    expect(of("// threat A1, B2\n// fault X1\n  it('does', () => {});\n")).toEqual(['A1', 'B2']);
    expect(of('// threat A1\nconst one = 1;\n')).toEqual([]);
    expect(of("it('does', () => {});\n")).toEqual([]);
  });

  it('a risk that no report has', () => {
    const names = risksIn('Risk `icmp-tracked`, risks `nat-tracked-flows`, `made-up`');
    expect(names).toEqual(['icmp-tracked', 'nat-tracked-flows', 'made-up']);
    expect(names.filter((name) => !knownRisks.has(name))).toEqual(['made-up']);
  });

  it('an attempt of which nothing is said', () => {
    const text = '| A1 | one | x | |\n| A2 | two | x | |\n\nNo test: A1, A2 (in part, so), B3.\n';
    expect(attemptsIn(text)).toEqual(['A1', 'A2']);
    expect([...withoutTest(text)]).toEqual([
      ['A1', 'whole'],
      ['A2', 'part'],
      ['B3', 'whole'],
    ]);
  });
});
