import type { EC2Client } from '@aws-sdk/client-ec2';
import { caseInstanceOf } from '../case/case.ts';
import { caseTag, instanceTag } from '../record/trail/keys.ts';
import { filterLists } from './pages.ts';
import { readTags } from './tags.ts';

/** A network ACL has one note per instance for which addresses are denied in it. */
const aclNote = /^cordon:nacl-deny:(i-[0-9a-f]{8,17})$/;

const instancesIn = (tags: Readonly<Record<string, string>>): readonly string[] =>
  [
    caseInstanceOf(tags[caseTag] ?? ''),
    tags[instanceTag],
    ...Object.keys(tags).map((key) => aclNote.exec(key)?.[1]),
  ].filter((id) => id !== undefined);

/**
 * The instances that the tags of volumes, snapshots and network ACLs name. Anybody who may tag can
 * have written them: they only decide whom to look at.
 */
export const readTaggedOwners = async (
  ec2: EC2Client,
  resourceIds: readonly string[],
): Promise<readonly string[]> => {
  const read = await Promise.all(filterLists(resourceIds).map((ids) => readTags(ec2, ids)));
  return read.flatMap((tags) => [...tags.values()].flatMap(instancesIn));
};
