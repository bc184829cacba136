import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser } from 'puppeteer-core';
import UPNG from 'upng-js';
import { inProject } from '../../emulator/project.ts';
import { startChromium } from './chromium.ts';
import type { View } from './show-page.ts';
import { overflowOf, showPage } from './show-page.ts';

/** `npm run screenshots`: the pictures of docs/images, made anew of a drill's report. */

interface Shot extends View {
  readonly name: string;
  /** In pixels, from `from`. */
  readonly height: number;
  /** The section that it begins with; the top of the page, if none is named. */
  readonly from?: string;
}

const shots: readonly Shot[] = [
  { name: 'report-light', width: 1_000, height: 1_330, scheme: 'light' },
  { name: 'report-dark', width: 1_000, height: 960, scheme: 'dark', from: 'network' },
  { name: 'report-phone', width: 390, height: 1_300, scheme: 'light' },
  { name: 'report-print', width: 690, height: 976, scheme: 'dark', media: 'print' },
];

/** A picture in the docs is downloaded by everybody who reads them. */
const largest = 150_000;

/** The page of a drill, as it is written at its end. */
const drilledPage = async (): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'cordon-screenshots-'));
  const file = join(folder, 'report.html');
  try {
    await promisify(execFile)(
      process.execPath,
      [inProject('emulator/drill/drill.ts'), '--json', '--evidence', '--report', file],
      { maxBuffer: 2 ** 26 },
    );
    return await readFile(file, 'utf8');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** The same picture with a palette: a drawing of few colours becomes a third as large. */
const withPalette = (png: Uint8Array): Uint8Array => {
  const picture = UPNG.decode(new Uint8Array(png).buffer);
  return new Uint8Array(UPNG.encode(UPNG.toRGBA8(picture), picture.width, picture.height, 64));
};

const take = async (browser: Browser, text: string, shot: Shot): Promise<void> => {
  const { page } = await showPage(browser, text, shot);
  const overflow = await overflowOf(page);
  if (overflow > 0) {
    throw new Error(`At ${shot.width} pixels the page is ${overflow} pixels too wide.`);
  }
  const { name, width, height, from } = shot;
  const y = (await page.evaluate(
    from === undefined ? '0' : `document.getElementById('${from}').getBoundingClientRect().top`,
  )) as number;
  const clip = { x: 0, y: Math.max(0, y - 12), width, height };
  const png = withPalette(await page.screenshot({ clip, captureBeyondViewport: true }));
  if (png.length > largest)
    throw new Error(`${name} has ${png.length} bytes, more than ${largest}.`);
  await writeFile(inProject('docs', 'images', `${name}.png`), png);
  console.log(`docs/images/${name}.png: ${Math.ceil(png.length / 1_000)} KB`);
  await page.close();
};

const browser = await startChromium();
try {
  const text = await drilledPage();
  for (const shot of shots) await take(browser, text, shot);
} finally {
  await browser.close();
}
