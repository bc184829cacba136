import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  originalGroupsTags,
  readOriginalGroups,
} from '../../../src/record/trail/original-groups.ts';

const groupIds = fc
  .array(fc.constantFrom(...'0123456789abcdef'), { minLength: 17, maxLength: 17 })
  .map((digits) => `sg-${digits.join('')}`);

/** An interface has at most 16 groups, none twice. */
const groupLists = fc.uniqueArray(groupIds, { minLength: 1, maxLength: 16 });

describe('the original groups of an interface', () => {
  it('stand in one tag, separated by a space', () => {
    expect(originalGroupsTags(['sg-0123456789abcdef0', 'sg-12345678'])).toEqual({
      'cordon:original-groups': 'sg-0123456789abcdef0 sg-12345678',
    });
  });

  it('are continued in a second tag where 256 characters do not hold them', () => {
    const sixteen = Array.from({ length: 16 }, (_, at) => `sg-${String(at).padStart(17, '0')}`);
    const tags = originalGroupsTags(sixteen);
    expect(Object.keys(tags)).toEqual(['cordon:original-groups', 'cordon:original-groups:2']);
    expect(tags['cordon:original-groups']?.split(' ')).toHaveLength(12);
    expect(tags['cordon:original-groups:2']?.split(' ')).toHaveLength(4);
  });

  it('come back as they were, in their order', () => {
    fc.assert(
      fc.property(groupLists, (groups) => {
        const tags = originalGroupsTags(groups);
        expect(readOriginalGroups(tags)).toEqual(groups);
        for (const value of Object.values(tags)) expect(value.length).toBeLessThanOrEqual(256);
      }),
    );
  });

  it('come back as they were, though an earlier case or the attacker left a second tag', () => {
    fc.assert(
      fc.property(groupLists, groupIds, (groups, foreign) => {
        const left = { 'cordon:original-groups:2': foreign };
        expect(readOriginalGroups({ ...left, ...originalGroupsTags(groups) })).toEqual(groups);
      }),
    );
  });

  it('are none where there were none', () => {
    expect(originalGroupsTags([])).toEqual({});
    expect(readOriginalGroups({})).toEqual([]);
  });
});

describe('tags that somebody else wrote', () => {
  // threat C6
  it('never give anything but the id of a group', () => {
    const parts = fc.oneof(fc.string(), groupIds, fc.constantFrom('sg-', 'sg-XYZ', 'SG-12345678'));
    const values = fc.array(parts, { maxLength: 20 }).map((all) => all.join(' '));
    fc.assert(
      fc.property(values, values, fc.dictionary(fc.string(), fc.string()), (one, two, others) => {
        const read = readOriginalGroups({
          ...others,
          'cordon:original-groups': one,
          'cordon:original-groups:2': two,
        });
        for (const id of read) expect(id).toMatch(/^sg-[0-9a-f]{8,17}$/);
      }),
    );
  });

  it('lose what is no id and keep what is one', () => {
    expect(
      readOriginalGroups({
        'cordon:original-groups': '; rm -rf / sg-0123456789abcdef0 sg-0123456789ABCDEF1  vpc-1',
      }),
    ).toEqual(['sg-0123456789abcdef0']);
  });
});
