import { execFileSync } from 'node:child_process';

/** Commands of one batch: the arguments of a program are limited, a script's length is not. */
const batch = 500;

/**
 * The words of each command as a real shell passes them to a program: `aws` and the rest are
 * replaced by a function that prints its arguments, each ended by NUL.
 */
export const wordsInShell = (commands: readonly string[], shell = 'sh'): string[][] => {
  const all: string[][] = [];
  for (let start = 0; start < commands.length; start += batch) {
    const lines = commands.slice(start, start + batch).map((one) => `show ${one}`);
    const script = [
      // Whatever a command would start by a substitution is not to be found: nothing is executed.
      'PATH=/nonexistent',
      'aws() { :; }',
      "show() { printf '%s\\0' \"$@\"; printf 'END OF WORDS\\0'; }",
      ...lines,
      '',
    ].join('\n');
    const output = execFileSync(shell, { input: script, maxBuffer: 1 << 28 }).toString('utf8');
    let words: string[] = [];
    for (const word of output.split('\0').slice(0, -1)) {
      if (word === 'END OF WORDS') {
        all.push(words);
        words = [];
      } else words.push(word);
    }
  }
  return all;
};
