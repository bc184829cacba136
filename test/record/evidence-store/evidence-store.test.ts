import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openStore } from '../../../src/record/evidence-store/evidence-store.ts';
import { caseFolder, contentKey, pieceKey } from '../../../src/record/evidence-store/keys.ts';
import { readPiece } from '../../../src/record/evidence-store/piece.ts';
import { memoryStore } from '../../evidence/memory-store.ts';
import { awsError } from '../../steps/aws-error.ts';
import { FakeClock } from '../../steps/fake-clock.ts';
import { accountId, caseId, instanceId, region } from '../../steps/sample-instance.ts';

const theCase = { accountId, region, instanceId, caseId };
const piece = { collector: 'screenshot', name: 'screenshot.jpg', what: 'Picture', how: 'ec2:X' };

const aStore = () => {
  const { bucket, objects, stub } = memoryStore();
  const store = openStore({ bucket, clock: new FakeClock(), by: 'the function' }, theCase);
  return { store, objects, stub };
};

const encoded = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('A piece of evidence', () => {
  it('is on record with its size, its hash, who took it and when', async () => {
    const { store } = aStore();
    await store.keep(piece, encoded('picture'), 'image/jpeg');
    expect(await store.pieces()).toEqual([
      {
        ...piece,
        by: 'the function',
        collectedAt: '2026-03-01T03:07:00.000Z',
        bytes: 7,
        sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
        object: {
          key: contentKey(theCase, 'screenshot', 'screenshot.jpg'),
          versionId: 'version-1',
        },
      },
    ]);
    expect(await store.custody()).toEqual([
      {
        at: '2026-03-01T03:07:00.000Z',
        by: 'the function',
        what: 'collected',
        piece: 'screenshot/screenshot.jpg',
      },
    ]);
  });

  it('is never written over: the first one stands, whatever a second run brings', async () => {
    const { store, objects } = aStore();
    const first = await store.keep(piece, encoded('first'), 'image/jpeg');
    const second = await store.keep(piece, encoded('second'), 'image/jpeg');
    expect(second).toEqual(first);
    expect(String(objects.get(contentKey(theCase, 'screenshot', 'screenshot.jpg')))).toBe('first');
    expect(await store.custody()).toHaveLength(1);
  });

  it('whose record a killed run did not write gets it from the next, for the content that is there', async () => {
    const { store, objects } = aStore();
    await store.keep(piece, encoded('first'), 'image/jpeg');
    objects.delete(pieceKey(theCase, 'screenshot', 'screenshot.jpg'));
    const again = await store.keep(piece, encoded('second'), 'image/jpeg');
    expect(again).toMatchObject({
      bytes: 5,
      note: 'Other content lay there already, of an earlier run or of somebody else.',
    });
  });

  it('that lies where Cordon would put one, without a hash, is somebody else’s and is told', async () => {
    const { store, stub } = aStore();
    const { HeadObjectCommand, PutObjectCommand } = await import('@aws-sdk/client-s3');
    stub.on(PutObjectCommand).rejects(awsError('PreconditionFailed'));
    stub.on(HeadObjectCommand).resolves({ ContentLength: 5 });
    await expect(store.keep(piece, encoded('first'), 'image/jpeg')).rejects.toMatchObject({
      name: 'EvidenceStoreError',
      message: expect.stringContaining('was not put by Cordon'),
    });
  });

  it('whose record was tampered with is not read as one', async () => {
    const { store, objects } = aStore();
    await store.keep(piece, encoded('first'), 'image/jpeg');
    objects.set(pieceKey(theCase, 'screenshot', 'screenshot.jpg'), Buffer.from('{"collector":1}'));
    expect(await store.pieces()).toEqual([]);
  });
});

describe('Names that come from outside', () => {
  it('never leave the folder of the case', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (collector, name) => {
        const key = contentKey(theCase, collector, name);
        expect(key.startsWith(`${caseFolder(theCase)}evidence/`)).toBe(true);
        expect(key.split('/')).toHaveLength(caseFolder(theCase).split('/').length + 2);
      }),
    );
  });

  it('and records that are none are never mistaken for a piece', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = readPiece(JSON.stringify(value));
        expect(read === undefined || typeof read.collector === 'string').toBe(true);
      }),
    );
  });
});
