import { createInterface } from 'node:readline/promises';

/**
 * Asks a person at the keyboard, on standard error, where it disturbs no result. Undefined where
 * nobody sits there: a script has to say beforehand what is to be done.
 */
export const ask = async (question: string): Promise<string | undefined> => {
  if (!process.stdin.isTTY || !process.stderr.isTTY) return undefined;
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await asking.question(question)).trim();
  } finally {
    asking.close();
  }
};
