import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { UnintelligibleEventError } from '../src/case/errors.ts';
import { readJsonFile } from '../src/event-file.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-event-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const file = (bytes: Buffer): string => {
  const path = join(folder, 'event.json');
  writeFileSync(path, bytes);
  return path;
};

const event = { instanceId: 'i-0123456789abcdef0', reason: 'gesehen im SIEM: Überwachung 漢字' };
const text = JSON.stringify(event);

describe('an event file', () => {
  // fault S6
  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte-order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16, as PowerShell writes it', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 the other way round', Buffer.from(`\ufeff${text}`, 'utf16le').swap16()],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
  ])('is read in %s', (_, bytes) => {
    expect(readJsonFile(file(bytes))).toEqual(event);
  });

  it('that is none is refused in one sentence', () => {
    expect(() => readJsonFile(file(Buffer.from('instanceId: i-1')))).toThrow(
      UnintelligibleEventError,
    );
    expect(() => readJsonFile(join(folder, 'nothing.json'))).toThrow(/cannot be read as JSON/);
  });
});
