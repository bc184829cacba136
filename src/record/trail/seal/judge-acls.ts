import type { KeyObject } from 'node:crypto';
import type { Instance } from '../../../case/before.ts';
import { caseTagsOfAcl, isAcl } from '../acl-trail.ts';
import type { TagsByResource } from '../tags.ts';
import { judgeSeal } from './judge-seal.ts';
import type { Seals } from './judge-trail.ts';
import { sealSubject } from './seal-subject.ts';

/**
 * Judges what network ACLs say of the case of one instance. An ACL whose seal is known, and which says
 * nothing of the case any more, is judged too: somebody has taken its tags away.
 *
 * @param acls the tags of network ACLs, as they were read.
 * @param latest the latest seals that the execution's history or the local journal knows.
 */
export const judgeAcls = (
  instance: Instance,
  caseId: string,
  publicKey: KeyObject | undefined,
  latest: Readonly<Record<string, string>>,
  acls: TagsByResource,
): Seals => {
  const ids = new Set([...Object.keys(acls), ...Object.keys(latest).filter(isAcl)]);
  return Object.fromEntries(
    [...ids].flatMap((id) => {
      const tags = caseTagsOfAcl(acls[id] ?? {}, instance.id);
      if (Object.keys(tags).length === 0 && latest[id] === undefined) return [];
      const subject = sealSubject(instance, caseId, id);
      return [[id, judgeSeal(tags, subject, { publicKey, latest: latest[id] })] as const];
    }),
  );
};
