import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blockBytes, hashOf, zeroHash } from '../../../src/evidence/memory/block.ts';
import { blankHeader } from '../../../src/evidence/memory/header.ts';
import { treeHash } from '../../../src/evidence/memory/tree-hash.ts';
import { origin, someMemory } from './host-world.ts';

/** The commands of docs/evidence.md, on a file in place of the device. */
const documented = (language: 'sh' | 'python', marker: string): string => {
  const text = readFileSync(join(import.meta.dirname, '../../../docs/evidence.md'), 'utf8');
  const blocks = [...text.matchAll(/```(\w+)\n([^`]*)```/g)];
  const found = blocks.find(([, kind, code]) => kind === language && code?.includes(marker));
  return found?.[2] ?? '';
};

let folder: string;
let volume: string;
let expected: string;
const image = someMemory(3 * 1024 ** 2 + 32);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-by-hand-'));
  volume = join(folder, 'volume');
  const content = Buffer.alloc(origin.volumeBytes);
  const length = `length: ${image.length}`.padEnd(127);
  blankHeader(origin).copy(content);
  content.write(length, 12 * 128, 'latin1');
  image.copy(content, blockBytes);
  writeFileSync(volume, content);
  const blocks = Array.from({ length: content.length / blockBytes }, (_, index) =>
    content.subarray(index * blockBytes, (index + 1) * blockBytes),
  );
  const hashes = blocks.map((block) =>
    block.some((byte) => byte !== 0) ? hashOf(block) : zeroHash,
  );
  expected = treeHash(hashes, blocks.length);
});

afterEach(() => rmSync(folder, { recursive: true }));

const shell = (command: string): string => {
  const text = command.replaceAll('/dev/nvme1n1', volume);
  const { stdout, stderr } = spawnSync('sh', ['-c', text], { cwd: folder, encoding: 'utf8' });
  return `${stdout}${stderr}`;
};

describe.runIf(process.platform === 'linux')('An examiner who has only a shell', () => {
  it('gets the hash of the record with openssl and sha256sum', () => {
    expect(shell(documented('sh', 'split -b'))).toBe(`${expected}  -\n`);
  });

  it('gets it with ten lines of Python', () => {
    writeFileSync(join(folder, 'hash.py'), documented('python', 'hashlib'));
    expect(shell('python3 hash.py /dev/nvme1n1')).toBe(`${expected}\n`);
  });

  it('reads the header, and cuts the image out', () => {
    const said = shell(documented('sh', 'memory.lime'));
    expect(said).toContain(`nonce: ${origin.nonce}`);
    expect(said).toContain(`${hashOf(image).toString('hex')}  memory.lime`);
    expect(readFileSync(join(folder, 'memory.lime')).equals(image)).toBe(true);
  });
});
