import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { reinforcementNamed, reinforcementNames } from '../../src/actions/index.ts';
import { screaming } from '../template/handler-code.ts';
import { template } from '../template/stack.ts';

/** What people look up, and where they look: an entry of a registry that is forgotten there is named. */

const page = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}.md`, import.meta.url), 'utf8');

const missingFrom = (name: string, words: readonly string[]): readonly string[] => {
  const text = page(name);
  return words.filter((word) => ![`\`${word}\``, `\`${word}:`].some((one) => text.includes(one)));
};

it('docs/deploying.md names every parameter', () => {
  expect(missingFrom('deploying', Object.keys(template.Parameters))).toEqual([]);
});

it('docs/isolation.md names every reinforcement that is opted into', () => {
  const optIns = reinforcementNames.flatMap((name) => reinforcementNamed(name).optIn ?? []);
  const names = Object.keys(template.Parameters).filter((one) => optIns.includes(screaming(one)));
  expect(names).toHaveLength(optIns.length);
  expect(missingFrom('isolation', names)).toEqual([]);
});

it('docs/auditing.md names every tag that a seal covers', () => {
  const codes: Record<string, string> = JSON.parse(
    readFileSync(new URL('../../docs/seal-codes.json', import.meta.url), 'utf8'),
  );
  const keys = Object.values(codes).filter((key) => !key.startsWith('cordon:step:'));
  // The page leaves the prefix out, and writes `<n>` for the numbers of a key.
  const written = keys.map((key) => key.replace('cordon:', '').replace(/:$/, ':<n>'));
  expect(missingFrom('auditing', written)).toEqual([]);
});
