import { appendFileSync } from 'node:fs';
import type { Log } from '../src/aws/log.ts';

/**
 * A log in a file beside the person who runs the command, one JSON line per entry. It is written
 * at once: the before-state must be on the disk before the first change.
 */
export const fileLog = (path: string): Log => {
  let about: Record<string, string> = {};
  const write =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}): void => {
      const line = { at: new Date().toISOString(), level, message, ...about, ...fields };
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    };
  return {
    info: write('INFO'),
    warn: write('WARN'),
    error: write('ERROR'),
    about: (fields) => {
      about = { ...about, ...fields };
    },
  };
};
