import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeManifest } from '../../src/evidence/manifest.ts';
import { readManifest, verifyManifest } from '../../src/evidence/verify-manifest.ts';
import { openStore } from '../../src/record/evidence-store/evidence-store.ts';
import { FakeClock } from '../steps/fake-clock.ts';
import { aCase } from '../steps/sample-instance.ts';
import { memoryStore } from './memory-store.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const trailKey = {
  purpose: 'trail' as const,
  sign: async (text: string) => sign('sha256', Buffer.from(text), privateKey).toString('base64'),
  publicKey: async () => publicKey,
};
const theCase = aCase();

/** A case with two pieces, an end, and a signed manifest of all of it. */
const aListedCase = async () => {
  const { bucket, objects, versions } = memoryStore();
  const clock = new FakeClock();
  const by = 'the function';
  const store = openStore({ bucket, clock, by }, theCase);
  for (const collector of ['screenshot', 'user-data']) {
    const piece = { collector, name: 'it', what: 'A piece', how: 'ec2:Something' };
    await store.keep(piece, Buffer.from(`content of ${collector}`), 'text/plain');
  }
  await store.end({ collector: 'screenshot', outcome: 'done', sentence: 'It is there.' });
  const made = await makeManifest({ bucket, clock, by, ...store, trailKey }, theCase);
  const complaints = async () =>
    verifyManifest(bucket, theCase, await readManifest(bucket, made.key), publicKey);
  return { objects, versions, made, complaints };
};

describe('The evidence of a case, compared with its signed manifest', () => {
  it('is found as it was, down to the last byte', async () => {
    const { objects, made, complaints } = await aListedCase();
    expect(await complaints()).toEqual([]);
    expect(made).toMatchObject({ signed: true });
    const text = objects.get(made.key) ?? Buffer.from('');
    expect(made.sha256).toBe(createHash('sha256').update(text).digest('hex'));
  });

  it('is told where any byte of any object is another, the manifest and its signature too', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(),
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        async (n, at, bits) => {
          const { objects, complaints } = await aListedCase();
          const keys = [...objects.keys()];
          const key = keys[n % keys.length] ?? '';
          const content = Buffer.from(objects.get(key) ?? '');
          const place = at % content.length;
          content[place] = (content[place] ?? 0) ^ bits;
          objects.set(key, content);
          const found = await complaints();
          expect(found.length, `byte ${place} of ${key}`).toBeGreaterThan(0);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is told where an object is gone, and where one was put beside the others', async () => {
    const { objects, complaints } = await aListedCase();
    const [first = ''] = objects.keys();
    objects.delete(first);
    objects.set(`${first}-planted`, Buffer.from('planted'));
    expect(await complaints()).toEqual([
      expect.stringContaining(`UNREADABLE ${first}`),
      expect.stringContaining(`HIDDEN ${first}`),
      expect.stringContaining(`NOT LISTED ${first}-planted`),
    ]);
  });

  it('goes on holding while the record of the case grows, which is a chain of its own', async () => {
    const { objects, complaints } = await aListedCase();
    const folder = [...objects.keys()][0]?.split('/').slice(0, 5).join('/');
    objects.set(`${folder}/record/000002.json`, Buffer.from('{}'));
    expect(await complaints()).toEqual([]);
  });

  // threat E8
  it('is told where another version was put over what was listed, though the listed one is still there', async () => {
    const { versions, complaints } = await aListedCase();
    const [first = ''] = versions.keys();
    versions.set(first, 'version-later');
    expect(await complaints()).toEqual([expect.stringContaining(`REPLACED ${first}`)]);
  });

  it('vouches for nothing where nobody signed it, or somebody else did', async () => {
    const { objects, made, complaints } = await aListedCase();
    const other = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    const text = objects.get(made.key) ?? Buffer.from('');
    objects.set(`${made.key}.sig`, sign('sha256', text, other.privateKey));
    expect(await complaints()).toEqual(['BROKEN: the signature is not of this manifest']);
    objects.delete(`${made.key}.sig`);
    expect(await complaints()).toEqual(['NOT SIGNED: nobody vouches for the manifest']);
  });
});
