import { IsolationGroupUnavailableError } from '../../../case/errors.ts';
import type { SharedGroup } from '../../../case/isolation-group.ts';
import { isolationGroupName } from '../../../case/isolation-group.ts';
import type { SecurityGroup } from '../../../case/security-group.ts';
import { firstClosed } from './ensure-group.ts';
import type { GroupDeps, Place, Wanted } from './find-or-create.ts';

/**
 * The isolation group that the contained instances of a VPC share: found or made, its rules read
 * and found to let nothing through but what the profile allows.
 *
 * @throws IsolationGroupUnavailableError when every name is taken by a group that is open.
 */
export const ensureSharedGroup = async (
  deps: GroupDeps,
  place: Place,
  kind: SharedGroup,
  rules: Wanted['rules'],
  onRefused?: Wanted['onRefused'],
): Promise<SecurityGroup> => {
  const group = await firstClosed(
    deps,
    place,
    (suffix) => isolationGroupName(kind, suffix),
    rules,
    onRefused,
  );
  if (group !== undefined) return group;
  throw new IsolationGroupUnavailableError(
    `No isolation group of ${place.vpcId} is closed: look at the rules of the groups ${isolationGroupName(kind)}*.`,
  );
};
