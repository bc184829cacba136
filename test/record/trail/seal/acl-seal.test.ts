import { describe, expect, it } from 'vitest';
import { aclSealTag, caseTagsOfAcl, tagsOnAcl } from '../../../../src/record/trail/acl-trail.ts';
import { naclNoteTag } from '../../../../src/record/trail/nacl-note.ts';
import { issueSeal } from '../../../../src/record/trail/seal/issue-seal.ts';
import { judgeAcls } from '../../../../src/record/trail/seal/judge-acls.ts';
import { sealSubject } from '../../../../src/record/trail/seal/seal-subject.ts';
import type { Tags } from '../../../../src/record/trail/tags.ts';
import { anInstance, caseId, instanceId } from '../../../steps/sample-instance.ts';
import { aTrailKey } from './test-key.ts';

const key = aTrailKey();
const publicKey = await key.publicKey();
const instance = anInstance({ madeAt: '2026-01-05T08:00:00.000Z' });
const noteTag = naclNoteTag(instanceId);
const sealTag = aclSealTag(instanceId);

/** The tags of one case on an ACL, with their seal. */
const sealed = async (aclId: string, present: Tags = {}, note = 'ingress=99 egress=99') => {
  const tags = await issueSeal(key, {
    subject: sealSubject(instance, caseId, aclId),
    run: '1',
    at: new Date('2026-03-01T03:07:00Z'),
    present: caseTagsOfAcl(present, instanceId),
    own: caseTagsOfAcl({ [noteTag]: note }, instanceId),
  });
  return { ...present, ...tagsOnAcl(tags, instanceId) };
};

const stateOf = (tags: Tags, latest: Readonly<Record<string, string>> = {}) =>
  judgeAcls(instance, caseId, publicKey, latest, { 'acl-1': tags })['acl-1']?.state;

describe('The note of a case on a network ACL', () => {
  it('is sealed beside what other cases and other people have written there', async () => {
    const others = { Name: 'web', 'cordon:nacl-deny:i-00000000000000099': 'ingress=1 egress=-' };
    const tags = await sealed('acl-1', others);
    expect(Object.keys(tags).toSorted()).toEqual(
      [...Object.keys(others), noteTag, sealTag].toSorted(),
    );
    expect(stateOf(tags)).toBe('sealed');
  });

  it('is broken where somebody names other entries, or takes the note or its seal away', async () => {
    const tags = await sealed('acl-1');
    const { [noteTag]: _note, ...withoutNote } = tags;
    expect(stateOf({ ...tags, [noteTag]: 'ingress=1,99 egress=99' })).toBe('broken');
    expect(stateOf(withoutNote)).toBe('broken');
    const latest = { 'acl-1': tags[sealTag] ?? '' };
    expect(stateOf({ [noteTag]: tags[noteTag] ?? '' }, latest)).toBe('broken');
    expect(stateOf({}, latest)).toBe('broken');
  });

  it('is not taken for another’s: one of another ACL, or of an earlier state', async () => {
    const first = await sealed('acl-1');
    const second = await sealed('acl-1', first, 'ingress=98,99 egress=99');
    expect(stateOf(await sealed('acl-2'))).toBe('broken');
    expect(stateOf(first, { 'acl-1': second[sealTag] ?? '' })).toBe('replayed');
    expect(stateOf(second, { 'acl-1': second[sealTag] ?? '' })).toBe('sealed');
  });

  it('has no seal where none was made, and says nothing of an ACL of which nobody speaks', () => {
    expect(stateOf({ [noteTag]: 'ingress=99 egress=-' })).toBe('unsealed');
    expect(stateOf({ Name: 'web' })).toBeUndefined();
  });
});
