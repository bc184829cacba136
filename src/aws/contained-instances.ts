import type { EC2Client, Filter } from '@aws-sdk/client-ec2';
import {
  DescribeInstancesCommand,
  paginateDescribeInstances,
  paginateDescribeNetworkInterfaces,
} from '@aws-sdk/client-ec2';
import { familyOf } from '../case/address.ts';
import { isCaseIdOf } from '../case/case.ts';
import { isCordonGroupName, transitionGroupName } from '../case/isolation-group.ts';
import { caseTag, statusTag } from '../trail/instance-tags.ts';
import type { GroupUser } from './group-changes.ts';
import { readUsersOf, toGroupUser } from './group-changes.ts';
import { readCordonGroups } from './security-groups.ts';

export const containedPermissions = [
  'ec2:DescribeInstances',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
] as const;

/** What the trail says while a case is open. */
const openStatuses = ['running', 'contained', 'partial'];

const alive = ['pending', 'running', 'stopping', 'stopped'];

/** A filter takes at most 200 values. */
const valuesPerFilter = 200;

const readInstanceIds = async (ec2: EC2Client, filters: Filter[]): Promise<readonly string[]> => {
  const ids: string[] = [];
  const pages = paginateDescribeInstances({ client: ec2 }, { Filters: filters });
  for await (const page of pages) {
    for (const { Instances = [] } of page.Reservations ?? []) {
      ids.push(...Instances.flatMap(({ InstanceId }) => InstanceId ?? []));
    }
  }
  return ids;
};

const chunksOf = (ids: readonly string[]): readonly string[][] =>
  Array.from({ length: Math.ceil(ids.length / valuesPerFilter) }, (_, index) =>
    ids.slice(index * valuesPerFilter, (index + 1) * valuesPerFilter),
  );

/** The interfaces that are in groups of Cordon's. */
const readIsolatedInterfaces = async (ec2: EC2Client): Promise<readonly GroupUser[]> => {
  const groups = await readCordonGroups(ec2);
  const users = await Promise.all(
    chunksOf(groups.map(({ id }) => id)).map((ids) => readUsersOf(ec2, ids)),
  );
  return users.flat();
};

/**
 * The instances whose containment is open: those with an interface in a group of Cordon's, which
 * nobody can fake by a tag, and those whose trail says so, which may have been moved out.
 */
export const readContainedInstances = async (ec2: EC2Client): Promise<readonly string[]> => {
  const [isolated, tagged] = await Promise.all([
    readIsolatedInterfaces(ec2),
    readInstanceIds(ec2, [
      { Name: `tag:${statusTag}`, Values: openStatuses },
      { Name: 'instance-state-name', Values: alive },
    ]),
  ]);
  return [...new Set([...isolated.flatMap(({ instanceId }) => instanceId ?? []), ...tagged])];
};

/** The interfaces that are in a transition group, which lets everything through; in one call. */
export const readOpenInterfaces = async (ec2: EC2Client): Promise<readonly GroupUser[]> => {
  const users: GroupUser[] = [];
  const pages = paginateDescribeNetworkInterfaces(
    { client: ec2 },
    { Filters: [{ Name: 'group-name', Values: [transitionGroupName] }] },
  );
  for await (const page of pages) users.push(...(page.NetworkInterfaces ?? []).map(toGroupUser));
  return users;
};

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
  name:
    | 'network-interface-id'
    | 'group-id'
    | 'addresses.private-ip-address'
    | 'ipv6-addresses.ipv6-address',
  values: readonly string[],
): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const some of chunksOf(values)) {
    const pages = paginateDescribeNetworkInterfaces(
      { client: ec2 },
      { Filters: [{ Name: name, Values: some }] },
    );
    for await (const page of pages) {
      ids.push(
        ...(page.NetworkInterfaces ?? []).flatMap(({ Attachment }) => Attachment?.InstanceId ?? []),
      );
    }
  }
  return ids;
};

/** The contained instances that a call was about: by their id, an interface, a group, an address. */
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
  ]);
  const touched = new Set([...idsIn(text, 'i'), ...behind.flat()]);
  return contained.filter((id) => touched.has(id));
};

/** Those of these instances of which an interface bears the tag of a case. */
const readMarkedInstances = async (
  ec2: EC2Client,
  instanceIds: readonly string[],
): Promise<readonly string[]> => {
  const ids: string[] = [];
  const pages = paginateDescribeNetworkInterfaces(
    { client: ec2 },
    {
      Filters: [
        { Name: 'attachment.instance-id', Values: [...instanceIds] },
        { Name: 'tag-key', Values: [caseTag] },
      ],
    },
  );
  for await (const page of pages) {
    ids.push(
      ...(page.NetworkInterfaces ?? []).flatMap(({ Attachment }) => Attachment?.InstanceId ?? []),
    );
  }
  return ids;
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
  const some = ids.slice(0, valuesPerFilter);
  const [bearing, byInterfaces, open] = await Promise.all([
    readInstanceIds(ec2, [
      { Name: 'instance-id', Values: some },
      { Name: 'tag-key', Values: [caseTag] },
    ]),
    readMarkedInstances(ec2, some),
    readContainedInstances(ec2),
  ]);
  return [...new Set([...bearing, ...byInterfaces])].filter((id) => !open.includes(id));
};

/** The id of an instance's open case: by its trail, or because it is in a group of Cordon's. */
export const readOpenCaseId = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<string | undefined> => {
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({
      Filters: [{ Name: 'instance-id', Values: [instanceId] }],
    }),
  );
  const instance = Reservations[0]?.Instances?.[0];
  const tagOf = (key: string) => instance?.Tags?.find(({ Key }) => Key === key)?.Value;
  const isolated = instance?.NetworkInterfaces?.some(({ Groups = [] }) =>
    Groups.some(({ GroupName = '' }) => isCordonGroupName(GroupName)),
  );
  if (isolated !== true && !openStatuses.includes(tagOf(statusTag) ?? '')) return undefined;
  const tagged = tagOf(caseTag) ?? '';
  return isCaseIdOf(tagged, instanceId) ? tagged : 'unknown';
};
