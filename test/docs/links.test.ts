import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';

/** The pages that people read, from the root of the project. */
const pages = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'emulator/README.md',
  ...readdirSync(inProject('docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

const read = (page: string): string => readFileSync(inProject(page), 'utf8');

/** What is code links to nothing. */
const withoutCode = (text: string): string =>
  text.replaceAll(/^(`{3,})[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, '`');

/** Targets of `[text](target)`, `![image](target)` and `[name]: target`, without those on the web. */
const relativeLinksIn = (text: string): readonly string[] => {
  const prose = withoutCode(text);
  return [
    ...[...prose.matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)/g)],
    ...[...prose.matchAll(/^ {0,3}\[[^\]^][^\]]*\]:\s*<?(\S+?)>?\s*$/gm)],
  ]
    .map(([, target = '']) => target)
    .filter((target) => !/^(?:[a-z][a-z0-9+.-]*:|\/\/)/i.test(target));
};

/** The anchors of a page's headings, as GitHub makes them. */
const anchorsIn = (text: string): ReadonlySet<string> => {
  const anchors = new Set<string>();
  const body = text.replaceAll(/^(`{3,})[\s\S]*?^\1/gm, '');
  for (const [, heading = ''] of body.matchAll(/^#{1,6} +(.+?) *#*$/gm)) {
    const slug = heading
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
      .replaceAll(/\s/g, '-');
    let anchor = slug;
    for (let count = 1; anchors.has(anchor); count += 1) anchor = `${slug}-${count}`;
    anchors.add(anchor);
  }
  return anchors;
};

/** The links of a page that lead nowhere, in words. */
const brokenIn = (page: string, text: string): readonly string[] =>
  relativeLinksIn(text).flatMap((link) => {
    const [path = '', anchor] = link.split('#');
    const file = path === '' ? page : normalize(join(dirname(page), decodeURI(path)));
    if (path.startsWith('/') || file.startsWith('..')) return [`${link}: not in the project`];
    if (path !== '' && !existsSync(inProject(file))) return [`${link}: no such file`];
    if (anchor === undefined) return [];
    const target = path === '' ? text : read(file);
    return file.endsWith('.md') && anchorsIn(target).has(anchor)
      ? []
      : [`${link}: no such heading`];
  });

/** Footnotes that are used and not written, or written and not used. */
const looseFootnotesIn = (text: string): readonly string[] => {
  const prose = withoutCode(text);
  const names = (pattern: RegExp) => [...prose.matchAll(pattern)].map(([, name = '']) => name);
  const written = names(/^\[\^([^\]]+)\]:/gm);
  const used = names(/\[\^([^\]]+)\](?!:)/g);
  return [
    ...used.filter((name) => !written.includes(name)),
    ...written.filter((name) => !used.includes(name)),
  ];
};

describe.each(pages)('%s', (page) => {
  it('links only to files and headings that are there', () => {
    expect(brokenIn(page, read(page))).toEqual([]);
  });

  it('has the footnotes that it uses', () => {
    expect(looseFootnotesIn(read(page))).toEqual([]);
  });
});

describe('This check', () => {
  it('looks at links: there are some', () => {
    expect(pages.flatMap((page) => relativeLinksIn(read(page))).length).toBeGreaterThan(8);
  });

  it.each([
    ['a file that is not there', '[x](gone.md)'],
    ['a file of another folder', '[x](../gone/README.md)'],
    ['a heading that is not on this page', '[x](#gone)'],
    ['a heading that is not on the other page', '[x](alerts.md#gone)'],
    ['a heading of what has none', '[x](service-control-policy.json#sid)'],
    ['a link below the text', '[x][y]\n\n[y]: gone.md'],
    ['an image', '![x](gone.png)'],
    ['a title beside the target', '[x](gone.md "words")'],
    ['what is beyond the project', '[x](../../elsewhere.md)'],
    ['the root of somebody’s disk', '[x](/etc/hosts)'],
  ])('would notice %s', (_what, text) => {
    expect(brokenIn('docs/page.md', text)).toHaveLength(1);
  });

  it.each([
    ['a page beside it', '[x](alerts.md)'],
    ['a page in another folder', '[x](../README.md)'],
    ['a heading here', '# To be there\n\n[x](#to-be-there)'],
    ['a heading with signs and code', '## `OPEN AGAIN i-…`, told\n\n[x](#open-again-i--told)'],
    ['the second heading of one name', '## a\n\n## a\n\n[x](#a-1)'],
    ['a heading of the other page', '[x](service-control-policy.md#what-it-is-for)'],
    ['the web', '[x](https://example.org/gone.md)'],
    ['code', '`[x](gone.md)`\n\n```sh\n[x](gone.md)\n# gone\n```'],
  ])('is content with %s', (_what, text) => {
    expect(brokenIn('docs/page.md', text)).toEqual([]);
  });

  it('takes no comment in code for a heading', () => {
    expect(brokenIn('docs/page.md', '```sh\n# gone\n```\n\n[x](#gone)')).toHaveLength(1);
  });

  it('would notice a footnote that is nowhere, and one that nobody uses', () => {
    expect(looseFootnotesIn('Said.[^a]\n\n[^b]: there')).toEqual(['a', 'b']);
  });
});
