import type { EC2Client } from '@aws-sdk/client-ec2';
import {
  DescribeInstancesCommand,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroups,
  paginateDescribeVolumes,
} from '@aws-sdk/client-ec2';
import { inWords } from '../../aws/errors.ts';
import { itemsPerPage } from '../../aws/pages.ts';
import type { Collector } from '../collector.ts';
import { kept } from '../kept.ts';
import { instanceDescriptionKind } from './kind.ts';

type Paginated<Page> = AsyncIterable<Page>;

const collected = async <Page extends object, Item>(
  pages: Paginated<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  for await (const page of pages) items.push(...(itemsOf(page) ?? []));
  return items;
};

/** The answers of EC2 as they are, each with what became of the call; one that fails costs only itself. */
const readings = (client: EC2Client, instanceId: string, groupIds: readonly string[]) => {
  const paging = { client, pageSize: itemsPerPage };
  const attached = [{ Name: 'attachment.instance-id', Values: [instanceId] }];
  return {
    instance: client.send(
      new DescribeInstancesCommand({ InstanceIds: [instanceId], IncludeManagedResources: true }),
    ),
    interfaces: collected(
      paginateDescribeNetworkInterfaces(paging, {
        Filters: attached,
        IncludeManagedResources: true,
      }),
      (page) => page.NetworkInterfaces,
    ),
    volumes: collected(
      paginateDescribeVolumes(paging, { Filters: attached, IncludeManagedResources: true }),
      (page) => page.Volumes,
    ),
    groups:
      groupIds.length === 0
        ? Promise.resolve([])
        : collected(
            paginateDescribeSecurityGroups(paging, {
              Filters: [{ Name: 'group-id', Values: groupIds.slice(0, 200) }],
            }),
            (page) => page.SecurityGroups,
          ),
  };
};

const settled = async (reading: Promise<unknown>): Promise<unknown> => {
  try {
    return await reading;
  } catch (error) {
    return { error: inWords(error) };
  }
};

/** The instance, its interfaces, volumes and groups, as EC2 describes them. */
export const instanceDescription: Collector = {
  ...instanceDescriptionKind,
  permissions: [
    'ec2:DescribeInstances',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeVolumes',
    'ec2:DescribeSecurityGroups',
  ],
  collect: async ({ clients, clock, store }, { case: { instanceId }, before }) => {
    const groupIds = before.instance.networkInterfaces.flatMap((one) => one.groupIds);
    const asked = Object.entries(readings(clients.ec2, instanceId, [...new Set(groupIds)]));
    const answers = await Promise.all(
      asked.map(async ([name, reading]) => [name, await settled(reading)] as const),
    );
    const text = JSON.stringify(
      { readAt: clock.now().toISOString(), before, ...Object.fromEntries(answers) },
      null,
      2,
    );
    const piece = {
      collector: 'instance-description',
      name: 'description.json',
      what: 'Description by EC2, with what describe found before the first change',
      how: 'ec2:DescribeInstances, DescribeNetworkInterfaces, DescribeVolumes, DescribeSecurityGroups',
    };
    return kept(await store.keep(piece, Buffer.from(text), 'application/json'));
  },
};
