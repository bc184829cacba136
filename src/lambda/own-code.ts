import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Run from its sources the code is many files, and no hash of one of them says which. */
const bundles: ReadonlySet<string> = new Set(['index.mjs', 'cordon.mjs']);

const hash = async (): Promise<string | undefined> => {
  const file = fileURLToPath(import.meta.url);
  if (!bundles.has(basename(file))) return undefined;
  return createHash('sha256')
    .update(await readFile(file))
    .digest('hex');
};

let hashed: Promise<string | undefined> | undefined;

/** The SHA-256 of the code that runs, in hexadecimal; undefined where it is no bundle, or unreadable. */
export const ownCodeSha256 = (): Promise<string | undefined> => {
  hashed ??= hash().catch(() => undefined);
  return hashed;
};
