import type { EC2Client } from '@aws-sdk/client-ec2';
import type { SSMClient } from '@aws-sdk/client-ssm';
import type { Clock } from '../../aws/clock.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import { managedAgentPermissions, readManagedAgent } from '../../aws/managed-agent.ts';
import { readRouteTables, routePermissions } from '../../aws/routes.ts';
import { readGroupsByFilter, securityGroupPermissions } from '../../aws/security-groups.ts';
import { readVpcEndpoints, vpcEndpointPermissions } from '../../aws/vpc-endpoints.ts';
import type { Before, Instance, NetworkInterface } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import { systemsManagerGroups } from '../../case/forensic-access.ts';
import type { Read } from '../../case/forensic-path/finding.ts';
import type { ForensicPath } from '../../case/forensic-path.ts';
import { forensicPath } from '../../case/forensic-path.ts';
import { isolationGroupKind } from '../../case/isolation-group.ts';
import type { IsolationProfile } from '../../case/isolation-profile.ts';
import { beginningOf } from '../../case/report-size.ts';
import type { Settings } from '../../settings/settings.ts';

export const forensicPathPermissions = [
  ...routePermissions,
  ...vpcEndpointPermissions,
  ...securityGroupPermissions,
  ...managedAgentPermissions,
] as const;

/** How long all of it may take, in milliseconds: less than the state of describe has left. */
const longest = 2_500;

/** Of an error that kept something from being read, in characters. */
const longestWhy = 160;

const read = async <Value>(reading: () => Promise<Value>): Promise<Read<Value>> => {
  try {
    return { known: true, value: await reading() };
  } catch (error) {
    return { known: false, why: beginningOf(inWords(error), longestWhy) };
  }
};

/** By which the host talks where nobody has told it otherwise: known by when it was attached. */
const primaryOf = (instance: Instance): NetworkInterface | undefined => {
  const movable = movableInterfaces(instance);
  const { madeAt } = instance;
  const primary = movable.find(({ attachedAt }) => madeAt !== undefined && attachedAt === madeAt);
  return primary ?? movable[0];
};

/** The groups under which the host may be isolated with a path, as far as there are any yet. */
const forensicGroups = (
  { groups, instance }: Pick<Before, 'instance' | 'groups'>,
  vpcId: string,
): readonly string[] =>
  groups
    .filter(
      (group) =>
        group.vpcId === vpcId &&
        group.ownerId === instance.accountId &&
        /^forensic/.test(isolationGroupKind(group.name)?.kind ?? ''),
    )
    .map(({ id }) => id);

/**
 * Reads whether the forensic path of an instance is there: two rounds of calls, for dry runs alone. Never
 * throws: what cannot be read makes the answer `unknown`, and says so.
 */
export const readForensicPath = (
  clients: { readonly ec2: EC2Client; readonly ssm: SSMClient },
  clock: Clock,
  settings: Pick<Settings, 'forensicUploadBucket' | 'egressAllowList'>,
  before: Pick<Before, 'instance' | 'groups'>,
  profile: IsolationProfile,
): Promise<ForensicPath> =>
  giveUpAfter(clock, longest, async () => {
    const { instance } = before;
    const networkInterface = primaryOf(instance);
    const vpcIds = networkInterface === undefined ? [] : [networkInterface.vpcId];
    const [endpoints, routeTables, agent] = await Promise.all([
      read(() => readVpcEndpoints(clients.ec2, vpcIds)),
      read(() => readRouteTables(clients.ec2, vpcIds)),
      read(() => readManagedAgent(clients.ssm, instance.id)),
    ]);
    const ids = vpcIds.flatMap((vpcId) =>
      systemsManagerGroups(endpoints.known ? endpoints.value : [], vpcId),
    );
    const endpointGroups = await read(async () =>
      ids.length === 0 ? [] : readGroupsByFilter(clients.ec2, ids),
    );
    return forensicPath({
      profile,
      hasAllowList: settings.egressAllowList.length > 0,
      accountId: instance.accountId,
      networkInterface,
      isolationGroupIds: vpcIds.flatMap((vpcId) => forensicGroups(before, vpcId)),
      bucket: settings.forensicUploadBucket,
      endpoints,
      endpointGroups,
      routeTables,
      agent,
    });
  });
