import type { Browser } from 'puppeteer-core';
import { launch } from 'puppeteer-core';
import { inProject } from '../../emulator/project.ts';
import { asRoot } from '../host/as-root.ts';
import { outcomeOf } from '../host/namespace.ts';

/** A path that is set wins: for machines that have a browser where nobody looks. */
const findChromium = async (): Promise<string> => {
  const named = process.env.CHROMIUM ?? '';
  if (named !== '') return named;
  const script = inProject('test/browser/install.sh');
  // First without root's rights: where a browser is there, none are needed.
  const found = await outcomeOf(['sh', '-c', 'command -v chromium || command -v google-chrome']);
  if (found.code === 0) return found.stdout.trim();
  const { code, stdout, stderr } = await outcomeOf([...asRoot, 'sh', script]);
  if (code !== 0) throw new Error(stderr.replace(/\s+/g, ' ').trim().slice(-500));
  return stdout.trim().split('\n').at(-1) ?? '';
};

/**
 * Starts a browser without a window; one that is missing is installed first.
 *
 * @throws Error where none can be had.
 */
export const startChromium = async (): Promise<Browser> =>
  launch({
    executablePath: await findChromium(),
    // Containers and root have no user namespaces for its sandbox; what it shows is made here.
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--force-color-profile=srgb',
    ],
  });

/**
 * The browser of the tests. Where there can be none, that is printed, and it is a failure where `CI` is set:
 * there somebody relies on it.
 */
export const browserIfAny = async (): Promise<Browser | undefined> => {
  try {
    return await startChromium();
  } catch (error) {
    const why = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    process.stderr.write(`BROWSER TESTS NOT RUN: ${why}\n`);
    if ((process.env.CI ?? '') !== '') throw new Error(`BROWSER TESTS NOT RUN: ${why}`);
    return undefined;
  }
};
