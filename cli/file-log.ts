import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  mkdtempSync,
  openSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Log } from '../src/aws/log.ts';
import { hiddenEscaped } from '../src/case/one-line.ts';

/** A log in a file, and where it is; undefined where no file could be written at all. */
export interface FileLog extends Log {
  readonly path: () => string | undefined;
}

interface Target {
  readonly path: string;
  readonly descriptor: number;
}

/** Nobody else may read the log: it holds the before-state. */
const ownerOnly = 0o600;

const openTarget = (path: string): Target => {
  const flags = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY;
  const descriptor = openSync(path, flags, ownerOnly);
  // The mode above counts for a new file only; a terminal or a pipe has none to set.
  if (fstatSync(descriptor).isFile()) fchmodSync(descriptor, ownerOnly);
  return { path, descriptor };
};

const wordsOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

/**
 * A log beside the person who runs the command, one JSON line per entry, each written at once: the
 * before-state must be in the file before the first change. A folder that cannot be written, or a
 * disk that fills up, never stops a containment: the log goes on in the temporary folder, and
 * `tell` is told.
 */
export const fileLog = (wanted: string, tell: (sentence: string) => void): FileLog => {
  const places = [() => wanted, () => join(mkdtempSync(join(tmpdir(), 'cordon-')), 'cordon.log')];
  let target: Target | undefined;
  let about: Record<string, string> = {};

  const moveOn = (failed: string, error: unknown): void => {
    if (target !== undefined) closeSync(target.descriptor);
    target = undefined;
    tell(`The log cannot be written to ${failed} (${wordsOf(error)}).`);
  };

  const append = (line: string): void => {
    while (target !== undefined || places.length > 0) {
      let path = target?.path ?? 'the temporary folder';
      try {
        if (target === undefined) {
          path = places.shift()?.() ?? path;
          target = openTarget(path);
          if (path !== wanted) tell(`The log goes on in ${path}`);
        }
        writeFileSync(target.descriptor, line);
        return;
      } catch (error) {
        moveOn(path, error);
      }
    }
  };

  const write =
    (level: string) =>
    (message: string, fields: Record<string, unknown> = {}): void =>
      // Fields come first: none may take the place of the message.
      append(
        `${hiddenEscaped(JSON.stringify({ ...about, ...fields, at: new Date().toISOString(), level, message }))}\n`,
      );
  return {
    info: write('INFO'),
    warn: write('WARN'),
    error: write('ERROR'),
    about: (fields) => {
      about = { ...about, ...fields };
    },
    path: () => target?.path,
  };
};

/** The name of the log of a run that begins now, in the current folder. */
export const logNameAt = (now: Date): string =>
  `cordon-${now.toISOString().replaceAll(/[:.]/g, '-')}.log`;
