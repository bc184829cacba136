import type { EC2Client, Instance } from '@aws-sdk/client-ec2';
import * as z from 'zod/mini';
import { readContainedInstances } from '../aws/contained-instances.ts';
import { readInstancesBy } from '../aws/instances.ts';
import { filterLists } from '../aws/pages.ts';
import { caseBegan, isCaseIdOf } from '../case/case.ts';
import { defined } from '../case/defined.ts';
import { endedStatuses } from '../record/case-table/case-item.ts';
import type { KnownCase } from '../record/case-table/known-cases.ts';
import { caseTag, requestedTag, statusTag, triggerTag } from '../record/trail/keys.ts';
import type { ListedCase } from './standing.ts';

const inputSchema = z.object({
  trigger: z.object({ source: z.string(), requestedBy: z.optional(z.string()) }),
});

/** Who or what began a case, from the input of its execution. */
const beganBy = (input: string): string | undefined => {
  try {
    const { data } = inputSchema.safeParse(JSON.parse(input));
    return data?.trigger.requestedBy ?? data?.trigger.source;
  } catch {
    return undefined;
  }
};

/** A case of the table, as it is listed. */
export const listedOf = (
  { instanceId, caseId, status, openedAt, cutAt, input, ownership }: KnownCase,
  region: string,
): ListedCase => ({
  ...{ instanceId, caseId, region, status, openedAt },
  ...defined({ cutAt, ownership, by: beganBy(input) }),
});

const tagsOf = ({ Tags = [] }: Instance): Readonly<Record<string, string>> =>
  Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));

/** The case that an instance's tags tell of; whoever may tag can write them. */
const taggedOf = (instance: Instance, region: string): readonly ListedCase[] => {
  const { InstanceId: instanceId = '', LaunchTime } = instance;
  const tags = tagsOf(instance);
  const tagged = tags[caseTag] ?? '';
  const isOwn = isCaseIdOf(tagged, instanceId);
  const began = isOwn ? caseBegan(tagged) : LaunchTime;
  // `<who> <why>`, and `<source> <type> …`.
  const [who = '-'] = (tags[requestedTag] ?? '-').split(' ');
  const [source] = (tags[triggerTag] ?? '').split(' ');
  const by = who === '-' || who === '' ? source : who;
  return [
    {
      ...{ instanceId, region },
      caseId: isOwn ? tagged : 'unknown',
      status: tags[statusTag] ?? 'unknown',
      openedAt: (began ?? new Date(0)).toISOString(),
      ...defined({ by: by === '' ? undefined : by }),
    },
  ];
};

/** The instances whose tags name a status, and those in groups of Cordon's, each once. */
export const taggedCases = async (
  ec2: EC2Client,
  region: string,
): Promise<readonly ListedCase[]> => {
  const [tagged, contained] = await Promise.all([
    readInstancesBy(ec2, { Name: 'tag-key', Values: [statusTag] }),
    readContainedInstances(ec2),
  ]);
  const named = new Set(tagged.map(({ InstanceId }) => InstanceId));
  const untagged = await Promise.all(
    filterLists(contained.filter((id) => !named.has(id))).map((Values) =>
      readInstancesBy(ec2, { Name: 'instance-id', Values }),
    ),
  );
  const inGroups = new Set(contained);
  return [...tagged, ...untagged.flat()].flatMap((instance) =>
    taggedOf(instance, region).map((one) =>
      // In a group of Cordon's a case is open, whatever its tag says.
      inGroups.has(one.instanceId) && endedStatuses.some((ended) => ended === one.status)
        ? { ...one, status: 'unknown' }
        : one,
    ),
  );
};
