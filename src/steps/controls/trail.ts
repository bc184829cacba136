import type { Deps } from '../../aws/clients.ts';
import { readTags } from '../../aws/tags.ts';
import type { Instance } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import type { Observation } from '../../case/control.ts';
import { caseTag, statusTag, triggerTag } from '../../trail/instance-tags.ts';
import { originalGroupsTag } from '../../trail/original-groups.ts';

const wanted = [statusTag, triggerTag, 'cordon:before:protect'] as const;

/**
 * `trail`: the tags that an undo and an auditor need are there. Anybody who may tag can take them
 * away, so nothing else depends on them.
 */
export const readTrailControl = async (
  { clients }: Deps<'ec2'>,
  instance: Instance,
  theCase: Case,
): Promise<readonly Observation[]> => {
  const interfaces = movableInterfaces(instance).map(({ id }) => id);
  const tags = await readTags(clients.ec2, [instance.id, ...interfaces]);
  const own = tags.get(instance.id) ?? {};
  const missing = [
    ...(own[caseTag] === theCase.caseId ? [] : [`${caseTag} of this case`]),
    ...wanted.filter((key) => own[key] === undefined),
    ...interfaces
      .filter((id) => tags.get(id)?.[originalGroupsTag] === undefined)
      .map((id) => `${originalGroupsTag} of ${id}`),
  ];
  return [
    {
      control: 'trail',
      holds: missing.length === 0,
      observed:
        missing.length === 0
          ? `the tags of ${instance.id} and of ${interfaces.length} interfaces say what an undo needs`
          : `missing: ${missing.join(', ')}`,
    },
  ];
};
