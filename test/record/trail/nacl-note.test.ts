import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AclEntry } from '../../../src/case/network-acl.ts';
import { naclNoteTag, notedDenies, writeDenyNumbers } from '../../../src/record/trail/nacl-note.ts';
import { anyText } from '../../case/any-text.ts';

const instanceId = 'i-0123456789abcdef0';

const ours: AclEntry = {
  number: 98,
  egress: false,
  allow: false,
  protocol: '-1',
  cidr: '45.83.64.77/32',
};

const noted = (entries: readonly AclEntry[], note: string | undefined): readonly number[] =>
  notedDenies({ entries, tags: { [naclNoteTag(instanceId)]: note ?? '' } }, instanceId, false);

describe('The note on a network ACL', () => {
  it('names the denies of the case that still stand, in their direction', () => {
    const note = writeDenyNumbers({ ingress: [97, 98], egress: [98] });
    expect(noted([ours, { ...ours, egress: true }], note)).toEqual([98]);
    expect(noted([ours], writeDenyNumbers({ ingress: [], egress: [98] }))).toEqual([]);
    expect(noted([{ ...ours, cidr: '2a00::77/128' }], note)).toEqual([98]);
  });

  // threat C13
  it.each<[string, Partial<AclEntry>]>([
    ['an allow', { allow: true }],
    ['the deny of a range', { cidr: '45.83.64.0/24' }],
    ['the deny of everything', { cidr: '0.0.0.0/0' }],
    ['the deny of one protocol', { protocol: '6' }],
  ])('never makes %s of other people the case’s, whoever wrote it', (_, changes) => {
    const note = writeDenyNumbers({ ingress: [98], egress: [] });
    expect(noted([{ ...ours, ...changes }], note)).toEqual([]);
  });

  it('names nothing but what stands, whatever somebody wrote', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 100 }), (note) => {
        expect([[], [98]]).toContainEqual(noted([ours], note));
      }),
    );
  });
});
