import { mkdir, open, readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { caseBegan, isCaseIdOf } from '../../case/case.ts';
import { JournalUnsafeError } from '../../case/errors.ts';
import type { Journal, JournalCase, JournalSubject } from '../trail/journal.ts';
import {
  readEntryLines,
  readJournalLines,
  writeEntryLine,
  writeJournalLine,
} from '../trail/journal.ts';

/**
 * `$XDG_STATE_HOME/cordon`, or a folder of this user's own beside everybody's temporary files
 * (https://specifications.freedesktop.org/basedir-spec/latest/).
 */
export const journalRoot = (environment: Readonly<Record<string, string | undefined>>): string => {
  const state = environment.XDG_STATE_HOME ?? '';
  return state === '' ? join(tmpdir(), `cordon-${userInfo().uid}`) : join(state, 'cordon');
};

const folderOf = (root: string, { accountId, region, instanceId }: JournalSubject): string =>
  join(root, accountId, region, instanceId);

const suffix = '.jsonl';

/**
 * Whether the folder is this user's alone. Everybody may make folders among the temporary files, and
 * a journal that somebody else has written would be believed before the tags.
 */
const isPrivate = async (folder: string): Promise<boolean> => {
  const { uid, mode } = await stat(folder);
  return uid === userInfo().uid && (mode & 0o022) === 0;
};

const readCase = async (folder: string, caseId: string): Promise<JournalCase> => ({
  caseId,
  values: readJournalLines(await readFile(join(folder, `${caseId}${suffix}`), 'utf8'), caseId),
});

const read = async (root: string, subject: JournalSubject): Promise<readonly JournalCase[]> => {
  const folder = folderOf(root, subject);
  try {
    if (!(await isPrivate(root)) || !(await isPrivate(folder))) return [];
    const ids = (await readdir(folder))
      .filter((name) => name.endsWith(suffix))
      .map((name) => name.slice(0, -suffix.length))
      .filter((id) => isCaseIdOf(id, subject.instanceId))
      .toSorted((a, b) => (caseBegan(b)?.getTime() ?? 0) - (caseBegan(a)?.getTime() ?? 0));
    return await Promise.all(ids.map((id) => readCase(folder, id)));
  } catch {
    return [];
  }
};

const entriesIn = async (
  root: string,
  subject: JournalSubject,
  caseId: string,
): Promise<readonly unknown[]> => {
  const folder = folderOf(root, subject);
  try {
    if (!(await isPrivate(root)) || !(await isPrivate(folder))) return [];
    return readEntryLines(await readFile(join(folder, `${caseId}${suffix}`), 'utf8'), caseId);
  } catch {
    return [];
  }
};

/**
 * Writes lines behind what a case has already, and sees them on the disk.
 *
 * @throws JournalUnsafeError where others may write there.
 */
const write = async (
  root: string,
  subject: JournalSubject,
  caseId: string,
  lines: readonly string[],
): Promise<void> => {
  if (lines.length === 0) return;
  const folder = folderOf(root, subject);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (!(await isPrivate(root))) {
    throw new JournalUnsafeError(
      `The folder ${root} belongs to somebody else or may be written by others: set XDG_STATE_HOME to a folder of your own.`,
    );
  }
  const file = await open(join(folder, `${caseId}${suffix}`), 'a', 0o600);
  try {
    await file.appendFile(lines.join(''));
    await file.sync();
  } finally {
    await file.close();
  }
};

/** A journal in files of this machine: one per case, one line per value, on the disk when written. */
export const fileJournal = (root: string, now: () => Date): Journal => ({
  read: (subject) => read(root, subject),
  entries: (subject, caseId) => entriesIn(root, subject, caseId),
  note: (subject, caseId, entries) => {
    const at = now().toISOString();
    const lines = entries.map((entry) => writeEntryLine(at, caseId, entry));
    return write(root, subject, caseId, lines);
  },
  append: (subject, caseId, values) => {
    const at = now().toISOString();
    const lines = Object.entries(values).flatMap(([resource, tags]) =>
      Object.entries(tags).map(([key, value]) =>
        writeJournalLine({ at, case: caseId, resource, key, value }),
      ),
    );
    return write(root, subject, caseId, lines);
  },
});
