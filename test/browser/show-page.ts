import type { Browser, Page } from 'puppeteer-core';

export type Scheme = 'light' | 'dark';

export interface View {
  readonly width: number;
  readonly scheme: Scheme;
  readonly media?: 'screen' | 'print';
}

/** Opens a page of HTML in a window of its own, as somebody opens the file; what it asks for is kept. */
export const showPage = async (
  browser: Browser,
  text: string,
  { width, scheme, media = 'screen' }: View,
): Promise<{ readonly page: Page; readonly requests: readonly string[] }> => {
  const page = await browser.newPage();
  const requests: string[] = [];
  await page.setViewport({ width, height: 900, deviceScaleFactor: 1 });
  // One call for both: each alone takes the other back.
  const session = await page.createCDPSession();
  const features = [{ name: 'prefers-color-scheme', value: scheme }];
  await session.send('Emulation.setEmulatedMedia', { media, features });
  page.on('request', (request) => requests.push(request.url()));
  await page.setContent(text, { waitUntil: 'load' });
  return { page, requests };
};

/** By how many pixels a page is wider than its window. */
export const overflowOf = (page: Page): Promise<number> =>
  page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  ) as Promise<number>;
