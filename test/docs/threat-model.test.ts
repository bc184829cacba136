import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { controlNames } from '../../src/case/control.ts';
import { isolationProfiles } from '../../src/case/isolation-profile.ts';
import { reinforcementNames } from '../../src/case/reinforcement.ts';
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

interface Reference {
  readonly file: string;
  /** A test's title, or a part of it. */
  readonly name: string;
}

const reference = /`(test\/[\w./-]+\.test\.ts)` — "([^"]+)"/g;

const referencesIn = (text: string): readonly Reference[] =>
  [...text.matchAll(reference)].map(([, file = '', name = '']) => ({ file, name }));

/** The names in the last column, `risk` or `risks` and then names in backticks. */
const risksIn = (text: string): readonly string[] =>
  [...text.matchAll(/\brisks? ((?:`[^`]+`(?:, | and )?)+)/gi)].flatMap(([, names = '']) =>
    [...names.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  );

/** Attempts by their number, in the tables. */
const attemptsIn = (text: string): readonly string[] =>
  [...text.matchAll(/^\| ([A-H]\d+) \|/gm)].map(([, number = '']) => number);

/** What shows it, by the number of the attempt, in the lists below the tables. */
const evidenceIn = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(/^- ([A-H]\d+): (.+)$/gm)].map(([, number = '', shown = '']) => [
      number,
      shown,
    ]),
  );

/** The titles of the tests in a source: what follows `it(`, `test(`, `it.each(…)(`. */
const titlesIn = (source: string): readonly string[] => {
  const start = /^\s*(?:it|test)(?:\.each(?:<[^\n]*>)?\([\s\S]*?\n?\s*\))?\(\s*(['"`])(.+?)\1,/gm;
  return [...source.matchAll(start)].map(([, quote, title = '']) =>
    title.replaceAll(`\\${quote}`, quote ?? ''),
  );
};

const escaped = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** A title of `it.each`, as it is once its placeholders are filled in. */
const filled = (title: string): RegExp =>
  new RegExp(
    `^${title
      .split(/%[sdifjo#]|\$[a-z][\w.]*/i)
      .map(escaped)
      .join('.+')}$`,
  );

const bears = (title: string, name: string): boolean =>
  title.includes(name) || (/%[sdifjo#]|\$[a-z]/i.test(title) && filled(title).test(name));

/** A name so short would be found everywhere. */
const shortestName = 12;

const isThere = ({ file, name }: Reference): boolean =>
  name.length >= shortestName &&
  existsSync(inProject(file)) &&
  titlesIn(readFileSync(inProject(file), 'utf8')).some((title) => bears(title, name));

const missingIn = (text: string): readonly string[] =>
  referencesIn(text)
    .filter((one) => !isThere(one))
    .map(({ file, name }) => `${file}: ${name}`);

describe('The threat model', () => {
  it('names tests that exist, by their file and their name', () => {
    expect(referencesIn(page).length).toBeGreaterThan(50);
    expect(missingIn(page)).toEqual([]);
  });

  it('names no test in any other way, which nobody would check', () => {
    const mentioned = page.match(/\btest\/[\w./-]+/g) ?? [];
    expect(mentioned).toHaveLength(referencesIn(page).length);
  });

  it('says of each attempt which test shows it, or that there is none', () => {
    const evidence = evidenceIn(page);
    expect(new Set(attemptsIn(page)).size).toBe(attemptsIn(page).length);
    expect([...evidence.keys()]).toEqual(attemptsIn(page));
    for (const [number, shown] of evidence) {
      expect(shown, number).toMatch(/`test\/.+` — ".+"|^no test$/);
    }
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
  const here = 'test/docs/threat-model.test.ts';

  it('a file that is not there, and a name that no test has', () => {
    expect(missingIn('`test/docs/gone.test.ts` — "names tests that exist"')).toHaveLength(1);
    expect(missingIn(`\`${here}\` — "a title that ${'nobody'} has given"`)).toHaveLength(1);
    expect(missingIn(`\`${here}\` — "names tests that exist"`)).toEqual([]);
  });

  it('a name that stands in a test, but is not the name of one', () => {
    expect(missingIn(`\`${here}\` — "vitest and its friends"`)).toHaveLength(1);
    expect(missingIn(`\`${here}\` — "the"`)).toHaveLength(1);
  });

  it.each(['one of several', 'another of them'])('placeholders, filled in or not: %s', (name) => {
    for (const written of [name, '%s']) {
      const cited = `\`${here}\` — "placeholders, filled in or not: ${written}"`;
      expect(missingIn(cited)).toEqual([]);
    }
  });

  it('a risk that no report has', () => {
    const names = risksIn('Risk `icmp-tracked`, risks `nat-tracked-flows`, `made-up`');
    expect(names).toEqual(['icmp-tracked', 'nat-tracked-flows', 'made-up']);
    expect(names.filter((name) => !knownRisks.has(name))).toEqual(['made-up']);
  });

  it('an attempt of which nothing is said', () => {
    const text = '| A1 | one | x | |\n| A2 | two | x | |\n\n- A1: no test\n';
    expect(attemptsIn(text)).toEqual(['A1', 'A2']);
    expect([...evidenceIn(text).keys()]).toEqual(['A1']);
  });
});
