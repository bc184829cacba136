import type {
  EC2Client,
  Instance as Ec2Instance,
  NetworkInterface as Ec2NetworkInterface,
} from '@aws-sdk/client-ec2';
import { DescribeInstanceAttributeCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import type { Instance, Protection } from '../case/before.ts';
import { AwsUnavailableError, InstanceNotFoundError } from '../case/errors.ts';
import { branchPermissions, readBranchInterfaces } from './branch-interfaces.ts';
import { codeOf, inWords } from './errors.ts';
import { texts } from './network-interface.ts';
import { networkInterfacePermissions, readInterfacesBy } from './network-interfaces.ts';
import { toInstance } from './to-instance.ts';
import { readVolumeTags } from './volumes.ts';

export const instancePermissions = [
  'ec2:DescribeInstances',
  ...networkInterfacePermissions,
  ...branchPermissions,
  'ec2:DescribeInstanceAttribute',
  'ec2:DescribeVolumes',
] as const;

/**
 * The network interfaces attached to an instance, straight from the interfaces: only they tell
 * who made them. Returns nothing for none.
 */
export const readAttachedInterfaces = (
  ec2: EC2Client,
  instanceId: string,
): Promise<readonly Ec2NetworkInterface[]> =>
  readInterfacesBy(ec2, 'attachment.instance-id', [instanceId]);

/** The groups of these interfaces as they are now. */
export const readInterfaceGroups = async (
  ec2: EC2Client,
  interfaceIds: readonly string[],
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const found = await readInterfacesBy(ec2, 'network-interface-id', interfaceIds);
  return new Map(
    found.map((one) => [
      one.NetworkInterfaceId ?? '',
      texts((one.Groups ?? []).map((group) => group.GroupId)),
    ]),
  );
};

/** The groups of an instance's interfaces as the instance itself shows them. */
export const readGroupsByInstance = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const { instance } = await findInstance(ec2, instanceId);
  return new Map(
    (instance.NetworkInterfaces ?? []).map((one) => [
      one.NetworkInterfaceId ?? '',
      texts((one.Groups ?? []).map((group) => group.GroupId)),
    ]),
  );
};

/** An attribute that cannot be read is left out: it must not cost the cut. */
const orAbsent = async <Value>(reading: Promise<Value>): Promise<Value | undefined> => {
  try {
    return await reading;
  } catch {
    return undefined;
  }
};

/** How the attributes that protect an instance are read. */
export type ProtectionReader = (instanceId: string) => Promise<Protection>;

/** The three attributes that protect an instance; absent where AWS does not tell. */
export const readProtection = async (ec2: EC2Client, instanceId: string): Promise<Protection> => {
  const read = (
    Attribute: 'disableApiTermination' | 'disableApiStop' | 'instanceInitiatedShutdownBehavior',
  ) =>
    orAbsent(ec2.send(new DescribeInstanceAttributeCommand({ InstanceId: instanceId, Attribute })));
  const [termination, stop, shutdown] = await Promise.all([
    read('disableApiTermination'),
    read('disableApiStop'),
    read('instanceInitiatedShutdownBehavior'),
  ]);
  const behavior = shutdown?.InstanceInitiatedShutdownBehavior?.Value;
  return {
    ...(termination?.DisableApiTermination?.Value === undefined
      ? {}
      : { termination: termination.DisableApiTermination.Value }),
    ...(stop?.DisableApiStop?.Value === undefined ? {} : { stop: stop.DisableApiStop.Value }),
    ...(behavior === 'stop' || behavior === 'terminate' ? { shutdownBehavior: behavior } : {}),
  };
};

const notFound = (instanceId: string, cause?: unknown) =>
  new InstanceNotFoundError(
    `The instance ${instanceId} does not exist in this account and Region; look for it in the others.`,
    { cause },
  );

/** EC2 refused the id; one of its endpoints may not know a new instance yet. */
export const isNotKnownYet = (error: unknown): boolean =>
  error instanceof InstanceNotFoundError && codeOf(error.cause) === 'InvalidInstanceID.NotFound';

const findInstance = async (ec2: EC2Client, instanceId: string) => {
  try {
    const answer = await ec2.send(
      new DescribeInstancesCommand({ InstanceIds: [instanceId], IncludeManagedResources: true }),
    );
    const reservation = answer.Reservations?.[0];
    const instance = reservation?.Instances?.[0];
    // An id that EC2 does not know is refused; an answer without it is only half an answer.
    if (instance === undefined) {
      throw new AwsUnavailableError(`EC2 answered without the instance ${instanceId}: ask again.`);
    }
    return { instance, ownerId: reservation?.OwnerId ?? '' };
  } catch (error) {
    if (codeOf(error).startsWith('InvalidInstanceID.')) throw notFound(instanceId, error);
    throw error;
  }
};

/** The interfaces of an instance that carry the traffic of branch interfaces. */
export const trunksOf = ({ NetworkInterfaces = [] }: Ec2Instance): readonly string[] =>
  texts(
    NetworkInterfaces.filter(({ InterfaceType }) => InterfaceType === 'trunk').map(
      ({ NetworkInterfaceId }) => NetworkInterfaceId,
    ),
  );

/**
 * The instance with the branch interfaces of its trunks, which it does not show itself: they belong
 * to pods or tasks on it. Only an instance that has a trunk costs further round trips.
 */
const findWithBranches = async (
  ec2: EC2Client,
  instanceId: string,
): Promise<
  Awaited<ReturnType<typeof findInstance>> & {
    readonly branches: readonly Ec2NetworkInterface[];
    readonly branchesUnread?: string;
  }
> => {
  const found = await findInstance(ec2, instanceId);
  try {
    return { ...found, branches: await readBranchInterfaces(ec2, trunksOf(found.instance)) };
  } catch (error) {
    return { ...found, branches: [], branchesUnread: inWords(error) };
  }
};

/**
 * The instance with everything that hangs on it, in one round trip of parallel calls. What is not
 * indispensable, and has not been answered by the deadline, is left out.
 *
 * @param protectionOf at once, unless whoever reads many instances keeps a pace.
 *
 * @throws InstanceNotFoundError when EC2 does not know the id (any more).
 * @throws AwsUnavailableError when EC2 answers without the instance.
 */
export const readInstance = async (
  ec2: EC2Client,
  instanceId: string,
  region: string,
  protectionOf: ProtectionReader = (id) => readProtection(ec2, id),
): Promise<Instance> => {
  const [found, interfaces, protection, volumeTags] = await Promise.all([
    findWithBranches(ec2, instanceId),
    orAbsent(readAttachedInterfaces(ec2, instanceId)),
    protectionOf(instanceId),
    orAbsent(readVolumeTags(ec2, [instanceId])),
  ]);
  return toInstance({ ...found, interfaces, protection, volumeTags }, region);
};
