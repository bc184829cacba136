import type {
  ConnectionTrackingConfiguration,
  ConnectionTrackingSpecificationRequest,
  CreateSnapshotCommandInput,
  CreateSnapshotsCommandInput,
  CreateTagsCommandInput,
  DescribeInstanceAttributeCommandInput,
  DescribeInstancesCommandInput,
  DescribeNetworkInterfacesCommandInput,
  DescribeSnapshotsCommandInput,
  DescribeTagsCommandInput,
  DescribeVolumesCommandInput,
  Instance as Ec2Instance,
  NetworkInterface as Ec2NetworkInterface,
  ModifyInstanceAttributeCommandInput,
  ModifyNetworkInterfaceAttributeCommandInput,
  RouteTable,
  VpcEndpoint,
} from '@aws-sdk/client-ec2';
import {
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSnapshotsCommand,
  DescribeTagsCommand,
  DescribeVolumesCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { Instance, NetworkInterface } from '../../src/case/before.ts';
import type { SecurityGroup } from '../../src/case/security-group.ts';
import { awsError } from './aws-error.ts';
import type { FakeAws } from './fake-aws.ts';
import { FakeGroups } from './fake-groups.ts';
import { prepareWays } from './fake-ways.ts';
import { anInstance, instanceId } from './sample-instance.ts';

interface World {
  readonly instance?: Instance;
  readonly groups?: readonly SecurityGroup[];
  readonly ipv6Vpcs?: readonly string[];
  /** Where the default route of every subnet leads. */
  readonly defaultRoute?: string;
  /** Instead of one main table per VPC. */
  readonly routeTables?: readonly RouteTable[];
  readonly endpoints?: readonly VpcEndpoint[];
  readonly neighbours?: readonly Neighbour[];
  /** Other instances of the account, with their interfaces. */
  readonly others?: readonly Instance[];
}

/** An interface of another instance, or of none, with the groups it has and its tags. */
export interface Neighbour extends NetworkInterface {
  readonly tags: Record<string, string>;
  /** Undefined: attached to no instance (a load balancer, a function). */
  readonly instanceId?: string;
}

const attachmentOf = (at: string | undefined, DeviceIndex: number) =>
  at === undefined ? {} : { Attachment: { DeviceIndex, AttachTime: new Date(at) } };

interface FakeInterface {
  readonly one: NetworkInterface;
  readonly instanceId: string | undefined;
  readonly groupIds: readonly string[];
}

interface FakeSnapshot {
  readonly SnapshotId: string;
  readonly VolumeId: string;
  State: string;
  readonly StartTime: Date;
}

/**
 * An EC2 that remembers: interfaces keep the groups they are given, groups their rules, the
 * instance its attributes. Tests put their refusals over it (`ec2.on(…, input).rejects(…)`).
 */
export class FakeEc2 {
  readonly groups: FakeGroups;
  readonly snapshots: FakeSnapshot[] = [];
  /** Every group an interface was given, in order. */
  readonly moves: string[] = [];
  /** When each of them was, in milliseconds since the story began. */
  readonly movedAt: number[] = [];
  readonly #aws: FakeAws;
  readonly #instance: Instance;
  readonly #others: readonly Instance[];
  readonly #interfaces = new Map<string, FakeInterface>();
  readonly #tracking = new Map<string, ConnectionTrackingSpecificationRequest>();
  readonly #tags = new Map<string, Map<string, string>>();
  readonly #attributes: { termination: boolean; stop: boolean; shutdown: string };
  readonly #deleteOnTermination: Map<string, boolean>;

  constructor(aws: FakeAws, world: World = {}) {
    this.#aws = aws;
    this.#instance = world.instance ?? anInstance();
    this.#others = world.others ?? [];
    const { protection, volumes, networkInterfaces } = this.#instance;
    this.#attributes = {
      termination: protection.termination ?? false,
      stop: protection.stop ?? false,
      shutdown: protection.shutdownBehavior ?? 'terminate',
    };
    this.#deleteOnTermination = new Map(volumes.map((one) => [one.id, one.deleteOnTermination]));
    for (const one of networkInterfaces) {
      this.#interfaces.set(one.id, { one, instanceId, groupIds: one.groupIds });
    }
    for (const other of this.#others) {
      for (const one of other.networkInterfaces) {
        this.#interfaces.set(one.id, { one, instanceId: other.id, groupIds: one.groupIds });
      }
      for (const one of other.volumes) {
        this.#deleteOnTermination.set(one.id, one.deleteOnTermination);
      }
      this.tag(other.id, other.tags);
    }
    for (const one of world.neighbours ?? []) {
      const { id, tags, groupIds } = one;
      this.#interfaces.set(id, { one, instanceId: one.instanceId, groupIds });
      this.tag(id, tags);
    }
    this.tag(instanceId, this.#instance.tags);
    this.groups = new FakeGroups(aws, world.groups ?? [], world.ipv6Vpcs ?? [], (resource) =>
      this.#tagsOf(resource),
    );
    const { ec2, ec2SingleAttempt } = aws;
    ec2.on(DescribeInstancesCommand).callsFake(async (input) => this.#describeInstances(input));
    ec2
      .on(DescribeInstanceAttributeCommand)
      .callsFake(async (input) => this.#describeAttribute(input));
    ec2
      .on(DescribeNetworkInterfacesCommand)
      .callsFake(async (input) => this.#describeInterfaces(input));
    ec2.on(ModifyNetworkInterfaceAttributeCommand).callsFake(async (input) => this.#move(input));
    ec2.on(ModifyInstanceAttributeCommand).callsFake(async (input) => this.#modify(input));
    ec2.on(CreateTagsCommand).callsFake(async (input) => this.#tag(input));
    ec2.on(DescribeTagsCommand).callsFake(async (input) => this.#describeTags(input));
    ec2.on(DescribeVolumesCommand).callsFake(async (input) => this.#describeVolumes(input));
    ec2.on(DescribeSnapshotsCommand).callsFake(async (input) => this.#describeSnapshots(input));
    ec2SingleAttempt.on(CreateSnapshotsCommand).callsFake(async (input) => this.#snapshot(input));
    ec2SingleAttempt.on(CreateSnapshotCommand).callsFake(async (input) => this.#snapshotOne(input));
    const vpcIds = new Set([...this.#interfaces.values()].map(({ one }) => one.vpcId));
    prepareWays(aws, vpcIds, world.defaultRoute ?? 'igw-1', world);
  }

  groupsOf(interfaceId: string): readonly string[] {
    return this.#interfaces.get(interfaceId)?.groupIds ?? [];
  }

  /** Somebody else, or an earlier run of Cordon, gave the interface these groups. */
  place(interfaceId: string, groupIds: readonly string[]): void {
    const found = this.#interfaces.get(interfaceId);
    if (found !== undefined) this.#interfaces.set(interfaceId, { ...found, groupIds });
  }

  tagsOf(resource: string): Record<string, string> {
    return Object.fromEntries(this.#tagsOf(resource));
  }

  tag(resource: string, tags: Record<string, string>): void {
    for (const [key, value] of Object.entries(tags)) this.#tagsOf(resource).set(key, value);
  }

  #tagsOf(resource: string): Map<string, string> {
    const tags = this.#tags.get(resource) ?? new Map<string, string>();
    this.#tags.set(resource, tags);
    return tags;
  }

  /** Absent while nobody has set it, as on AWS. */
  #trackingOf(id: string): { ConnectionTrackingConfiguration?: ConnectionTrackingConfiguration } {
    const tracking = this.#tracking.get(id);
    return tracking === undefined ? {} : { ConnectionTrackingConfiguration: tracking };
  }

  /** Asked by id for what no test describes, EC2 answers with the one instance of the story. */
  #describeInstances({ InstanceIds, Filters }: DescribeInstancesCommandInput): unknown {
    const all = [this.#instance, ...this.#others];
    const asked = all.filter(({ id }) => InstanceIds?.includes(id));
    const found =
      InstanceIds === undefined
        ? all.filter((one) => this.#matches(one, Filters))
        : asked.length > 0
          ? asked
          : [this.#instance];
    return {
      Reservations: found.map((one) => ({
        OwnerId: one.accountId,
        Instances: [this.#toEc2(one)],
      })),
    };
  }

  #matches(
    { id, state, networkInterfaces }: Instance,
    filters: DescribeInstancesCommandInput['Filters'],
  ): boolean {
    return (
      filters?.every(({ Name = '', Values = [] }) => {
        if (Name === 'instance-id') return Values.includes(id);
        if (Name === 'instance-state-name') return Values.includes(state);
        if (Name === 'network-interface.group-id') {
          return networkInterfaces.some((one) =>
            this.groupsOf(one.id).some((groupId) => Values.includes(groupId)),
          );
        }
        if (Name === 'tag-key') return Values.some((key) => this.#tagsOf(id).has(key));
        return Values.includes(this.#tagsOf(id).get(Name.replace(/^tag:/, '')) ?? '');
      }) ?? true
    );
  }

  #toEc2(instance: Instance): Ec2Instance {
    const { id: instanceId, state, networkInterfaces, volumes, spot, metadataService } = instance;
    const { instanceProfileArn: profile, launchedAt, madeAt } = instance;
    return {
      InstanceId: instanceId,
      State: { Name: state as 'running' },
      ...(instance.vpcId === undefined ? {} : { VpcId: instance.vpcId }),
      ...(spot ? { InstanceLifecycle: 'spot' } : {}),
      ...(profile === undefined ? {} : { IamInstanceProfile: { Arn: profile } }),
      ...(launchedAt === undefined ? {} : { LaunchTime: new Date(launchedAt) }),
      RootDeviceType: instance.rootDeviceType,
      MetadataOptions: { HttpEndpoint: metadataService },
      NetworkInterfaces: networkInterfaces.map(({ id, vpcId, subnetId, ...one }, index) => ({
        NetworkInterfaceId: id,
        VpcId: vpcId,
        SubnetId: subnetId,
        ...attachmentOf(one.attachedAt ?? madeAt, index),
        Groups: this.groups.identify(this.groupsOf(id)),
        ...this.#trackingOf(id),
        PrivateIpAddresses: one.privateAddresses.map((PrivateIpAddress) => ({ PrivateIpAddress })),
        Ipv6Addresses: one.ipv6Addresses.map((Ipv6Address) => ({ Ipv6Address })),
      })),
      BlockDeviceMappings: volumes.map(({ id, device }) => ({
        DeviceName: device,
        Ebs: { VolumeId: id, DeleteOnTermination: this.#deleteOnTermination.get(id) ?? false },
      })),
      Tags: [...this.#tagsOf(instanceId)].map(([Key, Value]) => ({ Key, Value })),
    };
  }

  #describeAttribute({ Attribute, InstanceId }: DescribeInstanceAttributeCommandInput): unknown {
    const other = this.#others.find(({ id }) => id === InstanceId)?.protection;
    const { termination, stop, shutdown } =
      other === undefined
        ? this.#attributes
        : { ...other, shutdown: other.shutdownBehavior ?? 'terminate' };
    if (Attribute === 'disableApiTermination')
      return { DisableApiTermination: { Value: termination } };
    if (Attribute === 'disableApiStop') return { DisableApiStop: { Value: stop } };
    return { InstanceInitiatedShutdownBehavior: { Value: shutdown } };
  }

  #describeInterfaces(input: DescribeNetworkInterfacesCommandInput): unknown {
    const filter = (name: string) => input.Filters?.find((one) => one.Name === name)?.Values;
    const groupIds = filter('group-id');
    const addresses = filter('addresses.private-ip-address');
    const ipv6Addresses = filter('ipv6-addresses.ipv6-address');
    const attached = filter('attachment.instance-id');
    const types = filter('interface-type');
    const vpcIds = filter('vpc-id');
    const asked = input.NetworkInterfaceIds ?? filter('network-interface-id');
    if (input.NetworkInterfaceIds?.some((id) => !this.#interfaces.has(id)) === true) {
      throw awsError('InvalidNetworkInterfaceID.NotFound');
    }
    const found = [...this.#interfaces.values()].filter(
      ({ one, instanceId: of, groupIds: now }) =>
        (asked === undefined || asked.length === 0 || asked.includes(one.id)) &&
        (groupIds === undefined || now.some((id) => groupIds.includes(id))) &&
        (addresses === undefined ||
          one.privateAddresses.some((address) => addresses.includes(address))) &&
        (ipv6Addresses === undefined ||
          one.ipv6Addresses.some((address) => ipv6Addresses.includes(address))) &&
        (types === undefined || types.includes(one.type ?? 'interface')) &&
        (vpcIds === undefined || vpcIds.includes(one.vpcId)) &&
        (attached === undefined || (of !== undefined && attached.includes(of))),
    );
    return {
      NetworkInterfaces: found.map(
        ({ one, instanceId: of, groupIds: now }): Ec2NetworkInterface => ({
          NetworkInterfaceId: one.id,
          RequesterManaged: one.requesterManaged,
          InterfaceType: (one.type ?? 'interface') as 'interface',
          ...(of === undefined ? {} : { Attachment: { InstanceId: of } }),
          Groups: this.groups.identify(now),
          ...this.#trackingOf(one.id),
          TagSet: [...this.#tagsOf(one.id)].map(([Key, Value]) => ({ Key, Value })),
        }),
      ),
    };
  }

  #move({
    NetworkInterfaceId: id = '',
    Groups,
    ConnectionTrackingSpecification,
    DryRun,
  }: ModifyNetworkInterfaceAttributeCommandInput): unknown {
    if (DryRun === true) throw awsError('DryRunOperation');
    if (!this.#interfaces.has(id)) throw awsError('InvalidNetworkInterfaceID.NotFound');
    if (ConnectionTrackingSpecification !== undefined) {
      this.#tracking.set(id, ConnectionTrackingSpecification);
    }
    if (Groups === undefined) return {};
    for (const group of Groups) {
      if (!this.groups.exists(group)) throw awsError('InvalidGroup.NotFound');
    }
    this.place(id, Groups);
    this.moves.push(`${id} ${Groups.join(' ')}`);
    this.movedAt.push(this.#aws.clock.elapsed);
    return {};
  }

  #modify(input: ModifyInstanceAttributeCommandInput): unknown {
    if (input.DryRun === true) throw awsError('DryRunOperation');
    if (input.DisableApiTermination?.Value === true) this.#attributes.termination = true;
    if (input.DisableApiStop?.Value === true) this.#attributes.stop = true;
    const behavior = input.InstanceInitiatedShutdownBehavior?.Value;
    if (behavior !== undefined) this.#attributes.shutdown = behavior;
    for (const { Ebs } of input.BlockDeviceMappings ?? []) {
      this.#deleteOnTermination.set(Ebs?.VolumeId ?? '', Ebs?.DeleteOnTermination ?? true);
    }
    return {};
  }

  #tag({ Resources = [], Tags = [], DryRun }: CreateTagsCommandInput): unknown {
    if (DryRun === true) throw awsError('DryRunOperation');
    for (const resource of Resources) {
      this.tag(resource, Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])));
    }
    return {};
  }

  #describeTags({ Filters }: DescribeTagsCommandInput): unknown {
    const asked = Filters?.find(({ Name }) => Name === 'resource-id')?.Values;
    return {
      Tags: [...this.#tags]
        .filter(([resource]) => asked?.includes(resource) ?? true)
        .flatMap(([ResourceId, tags]) =>
          [...tags].map(([Key, Value]) => ({ ResourceId, Key, Value })),
        ),
    };
  }

  #describeVolumes({ Filters }: DescribeVolumesCommandInput): unknown {
    const attached = Filters?.find(({ Name }) => Name === 'attachment.instance-id')?.Values;
    const instances = [this.#instance, ...this.#others];
    return {
      Volumes: instances
        .filter(({ id }) => attached?.includes(id) ?? true)
        .flatMap(({ volumes }) => volumes)
        .map(({ id }) => ({
          VolumeId: id,
          Tags: [...this.#tagsOf(id)].map(([Key, Value]) => ({ Key, Value })),
        })),
    };
  }

  #snapshot({ TagSpecifications, DryRun }: CreateSnapshotsCommandInput): unknown {
    if (DryRun === true) throw awsError('DryRunOperation');
    return {
      Snapshots: this.#instance.volumes.map(({ id }) => this.#take(id, TagSpecifications)),
    };
  }

  #snapshotOne({ VolumeId = '', TagSpecifications }: CreateSnapshotCommandInput): unknown {
    return this.#take(VolumeId, TagSpecifications);
  }

  #take(
    VolumeId: string,
    specifications: CreateSnapshotCommandInput['TagSpecifications'],
  ): FakeSnapshot {
    const taken: FakeSnapshot = {
      SnapshotId: `snap-${this.snapshots.length + 1}`,
      VolumeId,
      State: 'pending',
      StartTime: this.#aws.clock.now(),
    };
    this.snapshots.push(taken);
    const tags = specifications?.[0]?.Tags ?? [];
    this.tag(taken.SnapshotId, Object.fromEntries(tags.map(({ Key, Value }) => [Key, Value])));
    return taken;
  }

  #describeSnapshots({ Filters }: DescribeSnapshotsCommandInput): unknown {
    const matches = (snapshot: FakeSnapshot) =>
      Filters?.every(({ Name = '', Values }) =>
        Values?.includes(this.#tagsOf(snapshot.SnapshotId).get(Name.replace(/^tag:/, '')) ?? ''),
      ) ?? true;
    return {
      Snapshots: this.snapshots.filter(matches).map((snapshot) => ({
        ...snapshot,
        Tags: [...this.#tagsOf(snapshot.SnapshotId)].map(([Key, Value]) => ({ Key, Value })),
      })),
    };
  }
}
