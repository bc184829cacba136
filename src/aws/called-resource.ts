/** Inputs that name what a call is about, the most telling first. */
const keys = [
  'NetworkInterfaceId',
  'VolumeId',
  'SnapshotId',
  'InstanceId',
  'GroupId',
  'NetworkAclId',
  'AllocationId',
  'AssociationId',
  'Resources',
  'InstanceIds',
  'NetworkInterfaceIds',
  'VolumeIds',
  'SnapshotIds',
  'GroupIds',
  'AutoScalingGroupName',
  'AutoScalingGroupNames',
  'TargetGroupArn',
  'LoadBalancerName',
  'LoadBalancerNames',
  'RoleName',
  'InstanceProfileName',
  'TopicArn',
  'QueueUrl',
  'stateMachineArn',
  'executionArn',
  'VpcId',
] as const;

/** The most of a list that a log line names. */
const shown = 5;

const textOf = (value: unknown): string | undefined => {
  if (typeof value === 'string' && value !== '') return value;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const named = value.filter((one) => typeof one === 'string').slice(0, shown);
  return value.length > shown
    ? `${named.join(' ')} and ${value.length - shown} more`
    : named.join(' ');
};

/** The resource that an AWS call is about, from its input; undefined for a call about none in particular. */
export const calledResource = (input: unknown): string | undefined => {
  if (typeof input !== 'object' || input === null) return undefined;
  const fields = input as Readonly<Record<string, unknown>>;
  // CreateSnapshots names its instance one level below.
  const nested = calledNested(fields.InstanceSpecification);
  return nested ?? keys.map((key) => textOf(fields[key])).find((text) => text !== undefined);
};

const calledNested = (specification: unknown): string | undefined =>
  typeof specification === 'object' && specification !== null && 'InstanceId' in specification
    ? textOf(specification.InstanceId)
    : undefined;
