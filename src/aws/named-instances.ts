import { isIP } from 'node:net';
import type { EC2Client, Filter, Instance } from '@aws-sdk/client-ec2';
import { defined } from '../case/defined.ts';
import { readInstancesBy } from './instances.ts';

/** An instance that bears a name or an address, with what tells it from others of the same. */
export interface NamedInstance {
  readonly instanceId: string;
  readonly state: string;
  /** The Name tag, written by whoever may tag. */
  readonly name?: string;
  readonly vpcId?: string;
  /** When it was started last, ISO 8601. */
  readonly launchedAt?: string;
}

const notTerminated = ['pending', 'running', 'shutting-down', 'stopping', 'stopped'];

/**
 * A value of a filter that stands for itself: `*` and `?` are wildcards there
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Filtering.html).
 */
const literal = (text: string): string => text.replace(/[\\*?]/g, '\\$&');

const filterFor = (text: string): Filter => {
  switch (isIP(text)) {
    case 4:
      return { Name: 'network-interface.addresses.private-ip-address', Values: [text] };
    case 6:
      return { Name: 'network-interface.ipv6-addresses.ipv6-address', Values: [text] };
    default:
      return { Name: 'tag:Name', Values: [literal(text)] };
  }
};

const nameOf = ({ Tags = [] }: Instance): string | undefined =>
  Tags.find(({ Key }) => Key === 'Name')?.Value;

const namedOf = (instance: Instance): NamedInstance => ({
  instanceId: instance.InstanceId ?? '',
  state: instance.State?.Name ?? 'unknown',
  ...defined({
    name: nameOf(instance),
    vpcId: instance.VpcId,
    launchedAt: instance.LaunchTime?.toISOString(),
  }),
});

/**
 * The instances that bear a text as their Name tag, or as an address within their VPC, in the order of
 * their ids; the terminated are left out. Addresses are those of a VPC: two VPCs may use the same one.
 */
export const readInstancesNamed = async (
  ec2: EC2Client,
  text: string,
): Promise<readonly NamedInstance[]> => {
  const found = await readInstancesBy(ec2, filterFor(text), {
    Name: 'instance-state-name',
    Values: notTerminated,
  });
  // Names are compared again, sign by sign: nothing may be cut because a filter is generous.
  return found
    .filter((one) => isIP(text) !== 0 || nameOf(one) === text)
    .map(namedOf)
    .toSorted((one, other) => one.instanceId.localeCompare(other.instanceId));
};
