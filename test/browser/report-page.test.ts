import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Browser } from 'puppeteer-core';
import { afterAll, describe, expect, it } from 'vitest';
import { retellAsHtml } from '../../src/report-page/retell.ts';
import { hugeStory, readBackStory, storyOf } from '../report-page/sample-story.ts';
import { browserIfAny } from './chromium.ts';
import type { View } from './show-page.ts';
import { overflowOf, showPage } from './show-page.ts';

const found = await browserIfAny();
afterAll(() => found?.close());

const browser = (): Browser => {
  if (found === undefined) throw new Error('There is no browser');
  return found;
};

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

const contained = retellAsHtml(storyOf());
const hostile = retellAsHtml(hugeStory());

const pages = [
  ['a contained case', contained],
  ['a case without a record', retellAsHtml(readBackStory())],
  ['a huge case of hostile words', hostile],
  ['a huge case of usual words', retellAsHtml(hugeStory('web-7.example.com'))],
] as const;

const views: readonly View[] = [
  { width: 1_000, scheme: 'light' },
  { width: 390, scheme: 'light' },
  // A sheet of A4 between its margins.
  { width: 690, scheme: 'light', media: 'print' },
];
const widths = [1_000, 390] as const;
const schemes = ['light', 'dark'] as const;

/** A large page takes long to check, and has nothing that a small one has not. */
const checked = [
  ...widths.flatMap((width) =>
    schemes.map((scheme) => ['a contained case', width, scheme, contained] as const),
  ),
  ['a huge case of hostile words', 390, 'dark', hostile] as const,
];

/** The drawings' texts that reach out of their drawing, or cover another text of it. */
const badTexts = `[...document.querySelectorAll('svg')].flatMap((svg) => {
  const frame = svg.getBoundingClientRect();
  if (frame.width === 0) return [];
  const texts = [...svg.querySelectorAll('text')].filter((one) => one.textContent !== '');
  const boxes = texts.map((one) => one.getBoundingClientRect());
  return texts.flatMap((one, at) => {
    const box = boxes[at];
    const out = box.left < frame.left - 1 || box.right > frame.right + 1 || box.bottom > frame.bottom + 1;
    const covered = boxes.some((other, to) => to > at && Math.min(box.right, other.right) - Math.max(box.left, other.left) > 2 && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 5);
    return out || covered ? [(out ? 'out: ' : 'covered: ') + one.textContent] : [];
  });
})`;

describe.skipIf(found === undefined)('The page of a case, in a browser', () => {
  it.each(
    pages.flatMap(([name, text]) => views.map((view) => [name, view.width, text, view] as const)),
  )(
    '%s fits a window of %i pixels, and no drawing cuts off or covers its text',
    async (_, _width, text, view) => {
      const { page } = await showPage(browser(), text, view);
      expect(await overflowOf(page)).toBe(0);
      expect(await page.evaluate(badTexts)).toEqual([]);
      await page.close();
    },
  );

  it.each(checked)(
    '%s can be read by everybody, at %i pixels, %s',
    async (_, width, scheme, text) => {
      const { page } = await showPage(browser(), text, { width, scheme });
      await page.evaluate(axe);
      const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
      expect(
        violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).slice(0, 3)}`),
      ).toEqual([]);
      await page.close();
    },
  );

  it('executes no word of a name, a tag or an event, and asks nobody for anything', async () => {
    // The policy of the page is taken away: the words must be harmless without it too.
    const bare = hostile.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, '');
    expect(bare).not.toBe(hostile);
    for (const text of [hostile, bare]) {
      const { page, requests } = await showPage(browser(), text, { width: 1_000, scheme: 'light' });
      expect(await page.title()).toMatch(/^Case report: /);
      expect(
        await page.evaluate(
          `document.querySelectorAll('script, img, iframe, [onload], [onerror], [onmouseover]').length`,
        ),
      ).toBe(0);
      expect(
        await page.evaluate(
          `[...document.querySelectorAll('a')].every((one) => one.getAttribute('href').startsWith('#'))`,
        ),
      ).toBe(true);
      expect(requests).toEqual([]);
      await page.close();
    }
  });

  it('would notice a word that is executed', async () => {
    const { page } = await showPage(browser(), '<img src=x onerror="document.title=\'run\'">', {
      ...{ width: 390, scheme: 'light' },
    });
    await page.waitForFunction(`document.title === 'run'`);
    await page.close();
  });

  it('is styled under its own policy', async () => {
    const { page } = await showPage(browser(), contained, { width: 1_000, scheme: 'dark' });
    expect(await page.evaluate(`getComputedStyle(document.body).backgroundColor`)).toBe(
      'rgb(18, 24, 31)',
    );
    await page.close();
  });

  it('is light on paper, whatever the screen is', async () => {
    const view: View = { width: 720, scheme: 'dark', media: 'print' };
    const { page } = await showPage(browser(), contained, view);
    expect(await page.evaluate(`getComputedStyle(document.body).color`)).toBe('rgb(22, 32, 43)');
    expect(await page.evaluate(`getComputedStyle(document.querySelector('nav')).display`)).toBe(
      'none',
    );
    await page.close();
  });
});
