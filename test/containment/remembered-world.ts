import {
  DescribeInstancesCommand,
  DescribeSecurityGroupsCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-ec2';
import type { CaseReport } from '../../src/case/report.ts';
import type { Scene } from './by-hand.ts';

/** What can be compared between two worlds, whose ids differ: ids have become names of places. */
export interface Memory {
  readonly undo: readonly string[];
  /** Before-values by resource and key; those that are numbered as a set. */
  readonly tags: Readonly<Record<string, readonly string[]>>;
}

/** The name of each id of the suspect's world: an interface by its index, a group by its name. */
const namesOf = async ({ clients, world }: Scene): Promise<ReadonlyMap<string, string>> => {
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [world.suspectId] }),
  );
  const instance = Reservations[0]?.Instances?.[0];
  const { SecurityGroups = [] } = await clients.ec2.send(new DescribeSecurityGroupsCommand({}));
  return new Map([
    [world.suspectId, 'the-instance'],
    ...(instance?.NetworkInterfaces ?? []).flatMap((one): [string, string][] => [
      [one.NetworkInterfaceId ?? '', `interface-${one.Attachment?.DeviceIndex}`],
      [one.PrivateIpAddress ?? '', `address-${one.Attachment?.DeviceIndex}`],
    ]),
    ...(instance?.BlockDeviceMappings ?? []).map(({ DeviceName = '', Ebs }): [string, string] => [
      Ebs?.VolumeId ?? '',
      `volume-${DeviceName}`,
    ]),
    ...SecurityGroups.map(({ GroupId = '', GroupName = '' }): [string, string] => [
      GroupId,
      `group-${GroupName}`,
    ]),
    ...Object.entries(world.targetGroupArns).map(([name, arn]): [string, string] => [
      arn.split('/').at(-1) ?? '',
      `target-group-${name}`,
    ]),
  ]);
};

const beforeTags = async ({ clients }: Scene, resources: readonly string[]) => {
  const { Tags = [] } = await clients.ec2.send(
    new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [...resources] }] }),
  );
  return Tags.filter(
    ({ Key = '' }) =>
      /^cordon:(?:before|original-groups)/.test(Key) &&
      // What the rules were is known to the first run alone, at its end: a later one may come too late.
      Key !== 'cordon:before:rules',
  );
};

/** What a report would undo, and what the tags remember, in words that any world shares. */
export const memoryOf = async (scene: Scene, report: CaseReport): Promise<Memory> => {
  const names = await namesOf(scene);
  const plain = (text: string): string =>
    [...names].reduce(
      (line, [id, name]) =>
        line.replaceAll(new RegExp(`(?<![\\w.])${id.replaceAll('.', '\\.')}(?![\\w])`, 'g'), name),
      text,
    );
  const resources = [...names.keys()].filter((id) => /^(?:i|eni|vol)-/.test(id));
  const tags: Record<string, string[]> = {};
  for (const { ResourceId = '', Key = '', Value = '' } of await beforeTags(scene, resources)) {
    const key = `${plain(ResourceId)} ${Key.replace(/:(tg|elb):\d+$/, ':$1')}`;
    tags[key] = [...(tags[key] ?? []), plain(Value)].toSorted();
  }
  return { undo: plain(report.undo).split('\n'), tags };
};
