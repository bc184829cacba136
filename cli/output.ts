import { fold } from './fold.ts';

/**
 * Whoever looked on may be gone: `| head` closes the pipe, a lost terminal answers EIO, a full disk
 * ENOSPC. What cannot be shown must not end a containment, so such errors are dropped.
 */
export const surviveLostOutput = (): void => {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
};

const writeTo = (stream: NodeJS.WriteStream, text: string): void => {
  try {
    stream.write(text);
  } catch {
    // A write to a full disk throws at once; see above.
  }
};

/** For the person: progress, warnings, where the log is. */
export const tell = (line: string): void => writeTo(process.stderr, `${fold(line)}\n`);

/** What was asked for, as a program reads it: to the letter. */
export const print = (text: string): void => writeTo(process.stdout, `${text}\n`);

/** What was asked for, as a person reads it. */
export const say = (text: string): void => print(fold(text));

/** Ends the process when everything that was written has left it. */
export const endWith = (code: number): void => {
  process.exitCode = code;
  const end = () => process.exit(code);
  // Not for ever: a pipe that nobody reads keeps its text.
  setTimeout(end, 2_000).unref();
  process.stderr.write('', () => process.stdout.write('', end));
};
