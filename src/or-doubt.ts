import { inWords } from './aws/errors.ts';

/** Reads something that the story can do without; that it could not be read is a doubt. */
export const orDoubt = async <Value>(
  doubts: string[],
  what: string,
  read: () => Promise<Value>,
): Promise<Value | undefined> => {
  try {
    return await read();
  } catch (error) {
    doubts.push(`${what} could not be read (${inWords(error)})`);
    return undefined;
  }
};
