import type { EC2Client, Filter } from '@aws-sdk/client-ec2';
import { familyOf } from '../case/address.ts';
import { caseTag } from '../record/trail/keys.ts';
import { readContainedInstances } from './contained-instances.ts';
import { readInstancesBy } from './instances.ts';
import type { InterfaceFilter } from './network-interfaces.ts';
import { readInterfacesBy } from './network-interfaces.ts';
import { filterLists } from './pages.ts';
import { readTaggedOwners } from './tagged-owners.ts';

const idsIn = (text: string, kind: string): readonly string[] => [
  ...new Set(text.match(new RegExp(`\\b${kind}-[0-9a-f]{8,17}\\b`, 'g')) ?? []),
];

const addressesIn = (text: string): readonly string[] => [
  ...new Set(text.match(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g) ?? []),
];

/** Whatever may be one; EC2 knows those that are. */
const ipv6In = (text: string): readonly string[] => [
  ...new Set(
    (text.match(/\b[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}/gi) ?? []).filter(
      (one) => familyOf(one) === 'ipv6',
    ),
  ),
];

const instancesBehind = async (
  ec2: EC2Client,
  name: InterfaceFilter,
  values: readonly string[],
  ...more: Filter[]
): Promise<readonly string[]> =>
  (await readInterfacesBy(ec2, name, values, ...more)).flatMap(
    ({ Attachment }) => Attachment?.InstanceId ?? [],
  );

/** What bears the tags of a case beside instances and interfaces. */
const taggedKinds = ['vol', 'snap', 'acl'] as const;

/**
 * The contained instances that a call was about: by their id, an interface, a group, an address, or
 * by a volume, snapshot or network ACL whose tags name them.
 */
export const readTouchedInstances = async (
  ec2: EC2Client,
  text: string,
): Promise<readonly string[]> => {
  if (text === '') return [];
  const [contained, ...behind] = await Promise.all([
    readContainedInstances(ec2),
    instancesBehind(ec2, 'network-interface-id', idsIn(text, 'eni')),
    instancesBehind(ec2, 'group-id', idsIn(text, 'sg')),
    instancesBehind(ec2, 'addresses.private-ip-address', addressesIn(text)),
    instancesBehind(ec2, 'ipv6-addresses.ipv6-address', ipv6In(text)),
    readTaggedOwners(
      ec2,
      taggedKinds.flatMap((kind) => idsIn(text, kind)),
    ),
  ]);
  const touched = new Set([...idsIn(text, 'i'), ...behind.flat()]);
  return contained.filter((id) => touched.has(id));
};

/** Those of these instances, the account's own, of which the trail or an interface names a case. */
const readMarkedInstances = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly string[]> => {
  const marked = { Name: 'tag-key', Values: [caseTag] };
  const [own, byInterfaces] = await Promise.all([
    Promise.all(
      filterLists(instanceIds).map((Values) =>
        readInstancesBy(ec2, { Name: 'instance-id', Values }),
      ),
    ),
    instancesBehind(ec2, 'attachment.instance-id', instanceIds, marked),
  ]);
  return own.flat().flatMap(({ InstanceId = '', Tags = [] }) => {
    const bears = Tags.some(({ Key }) => Key === caseTag);
    return bears || byInterfaces.includes(InstanceId) ? [InstanceId] : [];
  });
};

/**
 * Instances that a call was about which bear the tag of a case, though nothing else says that it
 * is open: somebody has just written that it was released.
 */
export const readReleasedInstances = async (
  ec2: EC2Client,
  text: string,
): Promise<readonly string[]> => {
  const ids = idsIn(text, 'i');
  if (ids.length === 0) return [];
  const [marked, open] = await Promise.all([
    readMarkedInstances(ec2, ids),
    readContainedInstances(ec2),
  ]);
  return marked.filter((id) => !open.includes(id));
};
