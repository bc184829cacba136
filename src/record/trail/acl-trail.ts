import { sealTag, stale } from './keys.ts';
import { naclNoteTag } from './nacl-note.ts';
import type { Tags } from './tags.ts';

/** The note of an instance's denies, as a seal names it. */
export const naclNoteKey = 'cordon:nacl-deny';

/**
 * The seal of one instance's note. A network ACL guards whole subnets, so that several cases may have
 * tags on it: the names of these tags end with the instance, and the seal names them without.
 */
export const aclSealTag = (instanceId: string): string => `${sealTag}:${instanceId}`;

/** What the tags of a network ACL say of the case of one instance, as its seal names it. */
export const caseTagsOfAcl = (tags: Tags, instanceId: string): Tags => {
  const note = tags[naclNoteTag(instanceId)];
  const seal = tags[aclSealTag(instanceId)];
  return {
    ...(note === undefined ? {} : { [naclNoteKey]: note }),
    ...(seal === undefined ? {} : { [sealTag]: seal }),
  };
};

/** The same as the tags of the network ACL, to be written. */
export const tagsOnAcl = (
  { [naclNoteKey]: note, [sealTag]: seal }: Tags,
  instanceId: string,
): Tags => ({
  ...(note === undefined ? {} : { [naclNoteTag(instanceId)]: note }),
  ...(seal === undefined ? {} : { [aclSealTag(instanceId)]: seal }),
});

/** Whether the tags of a resource are of a network ACL, which bears them under other names. */
export const isAcl = (resourceId: string): boolean => resourceId.startsWith('acl-');

/**
 * Whether network ACLs may bear notes of the case: the step that writes them has done something. The
 * seal of the instance covers what the trail says of it.
 */
export const mayHaveAclNotes = (tagsOfInstance: Tags): boolean => {
  const said = tagsOfInstance['cordon:step:reinforce-cut'];
  return said !== undefined && said !== stale && !said.includes(' not-applicable');
};
