import type {
  Instance as Ec2Instance,
  NetworkInterface as Ec2NetworkInterface,
} from '@aws-sdk/client-ec2';
import type { Instance, Protection, Volume } from '../case/before.ts';
import { defined } from '../case/defined.ts';
import { texts, toNetworkInterface } from './network-interface.ts';

/** What EC2 tells of an instance, in answers of several calls. */
export interface InstanceAnswers {
  readonly instance: Ec2Instance;
  readonly ownerId: string;
  /** The interfaces that its trunks carry. */
  readonly branches: readonly Ec2NetworkInterface[];
  readonly branchesUnread?: string;
  /** Undefined where they could not be read. */
  readonly interfaces: readonly Ec2NetworkInterface[] | undefined;
  readonly protection: Protection;
  /** By volume; undefined where they could not be read. */
  readonly volumeTags: ReadonlyMap<string, Readonly<Record<string, string>>> | undefined;
}

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

const purchaseOf = ({
  InstanceLifecycle: lifecycle,
}: Ec2Instance): Pick<Instance, 'spot' | 'purchase'> => ({
  spot: lifecycle === 'spot',
  ...(lifecycle === undefined || lifecycle === 'spot' ? {} : { purchase: lifecycle }),
});

/** The interfaces that the instance shows, with what else is known of each, and the branches of its trunks. */
const interfacesOf = (
  { NetworkInterfaces = [] }: Ec2Instance,
  interfaces: InstanceAnswers['interfaces'],
  branches: InstanceAnswers['branches'],
): Instance['networkInterfaces'] => [
  ...NetworkInterfaces.map((one) =>
    toNetworkInterface(
      one,
      interfaces?.find((other) => other.NetworkInterfaceId === one.NetworkInterfaceId),
    ),
  ),
  ...branches.map((one) => toNetworkInterface(one, one)),
];

/** The instance as Cordon knows it, from what EC2 answered. */
export const toInstance = (
  {
    instance,
    ownerId,
    branches,
    branchesUnread,
    interfaces,
    protection,
    volumeTags,
  }: InstanceAnswers,
  region: string,
): Instance => {
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
    id: instance.InstanceId ?? '',
    accountId: ownerId,
    region,
    state: instance.State?.Name ?? 'unknown',
    // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-eni.html#modify-source-dest-check
    ...(instance.SourceDestCheck === false ? { forwardsTraffic: true as const } : {}),
    ...(stateReason === undefined || stateReason === '' ? {} : { stateReason }),
    ...defined({
      vpcId: instance.VpcId,
      imageId: instance.ImageId,
      instanceType: instance.InstanceType,
    }),
    ...(instance.LaunchTime === undefined
      ? {}
      : { launchedAt: new Date(instance.LaunchTime).toISOString() }),
    ...(madeAt === undefined ? {} : { madeAt: new Date(madeAt).toISOString() }),
    ...purchaseOf(instance),
    ...(secondary.length === 0 ? {} : { secondaryInterfaceIds: secondary }),
    rootDeviceType: instance.RootDeviceType === 'instance-store' ? 'instance-store' : 'ebs',
    ...defined({ managedBy: operator }),
    ...(instance.IamInstanceProfile?.Arn === undefined
      ? {}
      : { instanceProfileArn: instance.IamInstanceProfile.Arn }),
    metadataService: instance.MetadataOptions?.HttpEndpoint === 'disabled' ? 'disabled' : 'enabled',
    metadataTags: instance.MetadataOptions?.InstanceMetadataTags === 'enabled',
    networkInterfaces: interfacesOf(instance, interfaces, branches),
    ...defined({ branchesUnread }),
    volumes: toVolumes(instance, volumeTags),
    protection,
    tags: Object.fromEntries((instance.Tags ?? []).map((tag) => [tag.Key ?? '', tag.Value ?? ''])),
  };
};
