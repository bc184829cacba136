import type {
  EC2Client,
  Instance as Ec2Instance,
  NetworkInterface as Ec2NetworkInterface,
  InstanceNetworkInterface,
} from '@aws-sdk/client-ec2';
import { DescribeInstanceAttributeCommand, DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import type {
  IdleTimeouts,
  Instance,
  NetworkInterface,
  Protection,
  Volume,
} from '../case/before.ts';
import { isCniDescription } from '../case/container-network.ts';
import { AwsUnavailableError, InstanceNotFoundError } from '../case/errors.ts';
import { isCordonGroupName } from '../case/isolation-group.ts';
import { cordonTagsOf } from './cordon-tags.ts';
import { codeOf } from './errors.ts';
import { networkInterfacePermissions, readInterfacesBy } from './network-interfaces.ts';
import { readVolumeTags } from './volumes.ts';

export const instancePermissions = [
  'ec2:DescribeInstances',
  ...networkInterfacePermissions,
  'ec2:DescribeInstanceAttribute',
  'ec2:DescribeVolumes',
] as const;

const texts = (values: readonly (string | undefined)[]): string[] =>
  values.filter((value) => value !== undefined && value !== '') as string[];

const toIdleTimeouts = (
  described: Ec2NetworkInterface | undefined,
): { readonly idleTimeouts?: IdleTimeouts } => {
  const set = described?.ConnectionTrackingConfiguration;
  if (set === undefined) return {};
  return {
    idleTimeouts: {
      ...(set.TcpEstablishedTimeout === undefined
        ? {}
        : { tcpEstablished: set.TcpEstablishedTimeout }),
      ...(set.UdpStreamTimeout === undefined ? {} : { udpStream: set.UdpStreamTimeout }),
      ...(set.UdpTimeout === undefined ? {} : { udp: set.UdpTimeout }),
    },
  };
};

const kindOf = (
  { InterfaceType, Description, SubnetId }: InstanceNetworkInterface,
  described: Ec2NetworkInterface | undefined,
): Pick<NetworkInterface, 'type' | 'associatedSubnetIds' | 'cniManaged'> => {
  const others = (described?.AssociatedSubnets ?? []).filter((id) => id !== SubnetId);
  return {
    ...(InterfaceType === undefined || InterfaceType === 'interface'
      ? {}
      : { type: InterfaceType }),
    ...(others.length === 0 ? {} : { associatedSubnetIds: others }),
    ...(isCniDescription(Description ?? '') ? { cniManaged: true } : {}),
  };
};

const toNetworkInterface = (
  found: InstanceNetworkInterface,
  described: Ec2NetworkInterface | undefined,
): NetworkInterface => ({
  id: found.NetworkInterfaceId ?? '',
  vpcId: found.VpcId ?? '',
  subnetId: found.SubnetId ?? '',
  groupIds: texts((found.Groups ?? []).map((group) => group.GroupId)),
  cordonGroupIds: texts(
    (found.Groups ?? [])
      .filter((group) => isCordonGroupName(group.GroupName ?? ''))
      .map((group) => group.GroupId),
  ),
  prefixes: texts([
    ...(found.Ipv4Prefixes ?? []).map((one) => one.Ipv4Prefix),
    ...(found.Ipv6Prefixes ?? []).map((one) => one.Ipv6Prefix),
  ]),
  privateAddresses: texts(
    (found.PrivateIpAddresses ?? []).map((address) => address.PrivateIpAddress),
  ),
  ipv6Addresses: texts((found.Ipv6Addresses ?? []).map((address) => address.Ipv6Address)),
  publicAddresses: texts(
    (found.PrivateIpAddresses ?? []).map((address) => address.Association?.PublicIp),
  ),
  ...(found.Attachment?.AttachTime === undefined
    ? {}
    : { attachedAt: new Date(found.Attachment.AttachTime).toISOString() }),
  ...toIdleTimeouts(described),
  ...(described === undefined ? {} : { cordonTags: cordonTagsOf(described.TagSet) }),
  requesterManaged: described?.RequesterManaged ?? false,
  ...kindOf(found, described),
});

const toVolumes = (
  instance: Ec2Instance,
  tags: ReadonlyMap<string, Readonly<Record<string, string>>> | undefined,
): Volume[] =>
  (instance.BlockDeviceMappings ?? []).flatMap(({ DeviceName, Ebs }) =>
    DeviceName === undefined || Ebs?.VolumeId === undefined
      ? []
      : [
          {
            id: Ebs.VolumeId,
            device: DeviceName,
            deleteOnTermination: Ebs.DeleteOnTermination ?? false,
            ...(tags === undefined ? {} : { cordonTags: tags.get(Ebs.VolumeId) ?? {} }),
          },
        ],
  );

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

const purchaseOf = ({
  InstanceLifecycle: lifecycle,
}: Ec2Instance): Pick<Instance, 'spot' | 'purchase'> => ({
  spot: lifecycle === 'spot',
  ...(lifecycle === undefined || lifecycle === 'spot' ? {} : { purchase: lifecycle }),
});

/**
 * The instance with everything that hangs on it, in one round trip of parallel calls. What is not
 * indispensable, and has not been answered by the deadline, is left out.
 *
 * @throws InstanceNotFoundError when EC2 does not know the id (any more).
 * @throws AwsUnavailableError when EC2 answers without the instance.
 */
export const readInstance = async (
  ec2: EC2Client,
  instanceId: string,
  region: string,
): Promise<Instance> => {
  const [{ instance, ownerId }, interfaces, protection, volumeTags] = await Promise.all([
    findInstance(ec2, instanceId),
    orAbsent(readAttachedInterfaces(ec2, instanceId)),
    readProtection(ec2, instanceId),
    orAbsent(readVolumeTags(ec2, instanceId)),
  ]);
  const stateReason = instance.StateReason?.Message;
  const madeAt = instance.NetworkInterfaces?.find(({ Attachment }) => Attachment?.DeviceIndex === 0)
    ?.Attachment?.AttachTime;
  const secondary = texts(
    (instance.SecondaryInterfaces ?? []).map((one) => one.SecondaryInterfaceId),
  );
  const operator =
    instance.Operator?.Managed === true
      ? (instance.Operator.Principal ?? 'an AWS service')
      : undefined;
  return {
    id: instanceId,
    accountId: ownerId,
    region,
    state: instance.State?.Name ?? 'unknown',
    ...(stateReason === undefined || stateReason === '' ? {} : { stateReason }),
    ...(instance.VpcId === undefined ? {} : { vpcId: instance.VpcId }),
    ...(instance.ImageId === undefined ? {} : { imageId: instance.ImageId }),
    ...(instance.InstanceType === undefined ? {} : { instanceType: instance.InstanceType }),
    ...(instance.LaunchTime === undefined
      ? {}
      : { launchedAt: new Date(instance.LaunchTime).toISOString() }),
    ...(madeAt === undefined ? {} : { madeAt: new Date(madeAt).toISOString() }),
    ...purchaseOf(instance),
    ...(secondary.length === 0 ? {} : { secondaryInterfaceIds: secondary }),
    rootDeviceType: instance.RootDeviceType === 'instance-store' ? 'instance-store' : 'ebs',
    ...(operator === undefined ? {} : { managedBy: operator }),
    ...(instance.IamInstanceProfile?.Arn === undefined
      ? {}
      : { instanceProfileArn: instance.IamInstanceProfile.Arn }),
    metadataService: instance.MetadataOptions?.HttpEndpoint === 'disabled' ? 'disabled' : 'enabled',
    metadataTags: instance.MetadataOptions?.InstanceMetadataTags === 'enabled',
    networkInterfaces: (instance.NetworkInterfaces ?? []).map((one) =>
      toNetworkInterface(
        one,
        interfaces?.find((other) => other.NetworkInterfaceId === one.NetworkInterfaceId),
      ),
    ),
    volumes: toVolumes(instance, volumeTags),
    protection,
    tags: Object.fromEntries((instance.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
  };
};
