import { readFileSync } from 'node:fs';
import { UnintelligibleEventError } from './case/errors.ts';

/**
 * The text of a file as editors and shells write it: PowerShell 5 redirects as UTF-16 with a
 * byte-order mark, Windows editors put one before UTF-8
 * (https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_character_encoding).
 */
const decoded = (bytes: Buffer): string => {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return bytes.subarray(2).toString('utf16le');
  if (first === 0xfe && second === 0xff) {
    return Buffer.from(bytes.subarray(2, bytes.length - (bytes.length % 2)))
      .swap16()
      .toString('utf16le');
  }
  // JSON begins with an ASCII sign, so a zero beside it tells UTF-16 without a mark.
  if (second === 0 && first !== 0) return bytes.toString('utf16le');
  const text = bytes.toString('utf8');
  return text.startsWith('\ufeff') ? text.slice(1) : text;
};

const unreadable = (name: string, error: unknown): UnintelligibleEventError => {
  const words = (error instanceof Error ? error.message : String(error)).replace(/\s+/g, ' ');
  return new UnintelligibleEventError(`${name} cannot be read as JSON: ${words}`, { cause: error });
};

/**
 * JSON, whatever its encoding.
 *
 * @param name what the text is called where it cannot be read.
 * @throws UnintelligibleEventError in one sentence, when it is no JSON.
 */
export const parseJson = (bytes: Buffer, name: string): unknown => {
  try {
    return JSON.parse(decoded(bytes));
  } catch (error) {
    throw unreadable(name, error);
  }
};

/**
 * A JSON file, whatever its encoding.
 *
 * @throws UnintelligibleEventError in one sentence, when it cannot be read or is no JSON.
 */
export const readJsonFile = (path: string): unknown => {
  try {
    return parseJson(readFileSync(path), path);
  } catch (error) {
    throw error instanceof UnintelligibleEventError ? error : unreadable(path, error);
  }
};
