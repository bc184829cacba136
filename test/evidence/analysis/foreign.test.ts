import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planCleaning } from '../../../src/evidence/analysis/clean.ts';
import { whyForeign } from '../../../src/evidence/analysis/foreign.ts';
import { analysed } from '../../../src/evidence/analysis/marks.ts';
import type { CustodyEntry } from '../../../src/record/evidence-store/custody.ts';
import { instanceId } from '../../steps/sample-instance.ts';
import { aCopy, anEntry, copyId, examinerId, snapshotId, theCase } from './sample.ts';

const at = (id: string) => [
  { instanceId: id, device: '/dev/sdf', state: 'attached', deleteOnTermination: false },
];

const why = (change: Parameters<typeof aCopy>[0] = {}, custody = [anEntry()]) =>
  whyForeign(aCopy(change), theCase, custody);

const tagsWith = (change: Record<string, string>) => ({ tags: { ...aCopy().tags, ...change } });

describe('A volume that clean may delete', () => {
  it('is one whose making the store announced, attached to nothing or where it was meant to be', () => {
    expect(why()).toBeUndefined();
    expect(why({ attachments: at(examinerId) })).toBeUndefined();
  });

  it('is one that the store names, whatever the clock of the examiner said', () => {
    const named = anEntry({
      ...analysed(snapshotId, copyId, examinerId),
      at: '2030-01-01T00:00:00Z',
    });
    expect(why({}, [named])).toBeUndefined();
  });

  it.each([
    ['has no role', tagsWith({ 'cordon:role': 'isolation' }), 'the tags of the case'],
    ['is of another case', tagsWith({ 'cordon:case': 'another' }), 'the tags of the case'],
    ['was made of no snapshot', { snapshotId: '' }, 'but of none'],
    ['was made of another snapshot', { snapshotId: 'snap-0000000000000000f' }, 'but of snap-'],
    ['is attached to the contained instance', { attachments: at(instanceId) }, 'is attached to'],
    [
      'is attached to two instances',
      { attachments: [...at(examinerId), ...at('i-0000000000000000e')] },
      'is attached to i-0000000000000000e',
    ],
    ['was made for somebody else', tagsWith({ 'cordon:analysis': instanceId }), 'has no entry'],
    // Restored from the same snapshot, long before anybody analysed it.
    ['is older than the analysis', { createdAt: new Date('2026-03-01T04:00:00Z') }, 'has no entry'],
    ['has no time of its making', { createdAt: undefined }, 'has no entry'],
  ])('is not one that %s', (_, change, words) => {
    expect(why(change)).toContain(words);
  });

  it('is none without an entry in the store, whatever stands in its tags', () => {
    const others: CustodyEntry[] = [
      anEntry({ piece: 'snap-0000000000000000f' }),
      anEntry({ what: 'shared' }),
      anEntry({ detail: 'cordon evidence fetch' }),
    ];
    expect(why({}, others)).toContain('has no entry');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string()), (tags) => {
        expect(
          whyForeign(aCopy({ tags: { ...aCopy().tags, ...tags } }), theCase, []),
        ).toBeDefined();
      }),
    );
  });
});

it('The plan of a cleaning names what stays, and leaves out what is going already', () => {
  const planted = aCopy({
    volumeId: 'vol-0000000000000000f',
    snapshotId: 'snap-0000000000000000f',
  });
  const going = aCopy({ volumeId: 'vol-0000000000000000e', state: 'deleting' });
  const plan = planCleaning(theCase, [aCopy(), planted, going], [anEntry()]);
  expect(plan.take.map(({ volumeId }) => volumeId)).toEqual([copyId]);
  expect(plan.keep).toEqual([expect.stringMatching(/^vol-0000000000000000f stays/)]);
});
