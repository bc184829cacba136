import * as z from 'zod/mini';
import type { RouteTable } from './route-table.ts';
import { isPrefixList, tableOf } from './route-table.ts';

/** Who and what an isolated instance may reach, or be reached by, under the profile `forensic`. */
export interface ForensicAccess {
  /** Address ranges of the responders, for SSH and Remote Desktop. */
  readonly cidrs: readonly string[];
  /** A security group of the responders' hosts, for the same. */
  readonly securityGroupId?: string;
  /** The groups of the VPC's Systems Manager endpoints. */
  readonly systemsManagerGroupIds: readonly string[];
  /** S3's prefix list, where the way there ends in the evidence bucket. */
  readonly s3PrefixListId?: string;
}

/** A VPC endpoint, as far as the forensic access depends on it. */
export interface VpcEndpoint {
  readonly id: string;
  readonly vpcId: string;
  readonly serviceName: string;
  /** As EC2 names it, in lower case: `gateway`, `interface`, `servicenetwork`, `resource`, … */
  readonly type: string;
  readonly groupIds: readonly string[];
  /** Whether the service's usual names lead to it, in its VPC. */
  readonly privateDns?: boolean;
  /** The policy document, JSON. */
  readonly policy?: string;
}

/**
 * The three services that the Systems Manager agent talks to
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-create-vpc.html).
 */
const systemsManagerService = /\.(?:ssm|ssmmessages|ec2messages)$/;
const s3Service = /\.s3$/;

/** The groups that guard the Systems Manager endpoints of a VPC. */
export const systemsManagerGroups = (
  endpoints: readonly VpcEndpoint[],
  vpcId: string,
): readonly string[] => [
  ...new Set(
    endpoints
      .filter(
        (one) =>
          one.vpcId === vpcId &&
          one.type === 'interface' &&
          systemsManagerService.test(one.serviceName),
      )
      .flatMap((one) => one.groupIds),
  ),
];

const oneOrMore = z.union([z.string(), z.array(z.string())]);

const policySchema = z.object({
  Statement: z.union([
    z.array(
      z.object({
        Effect: z.string(),
        Resource: z.optional(oneOrMore),
        NotResource: z.optional(oneOrMore),
      }),
    ),
    z.object({
      Effect: z.string(),
      Resource: z.optional(oneOrMore),
      NotResource: z.optional(oneOrMore),
    }),
  ]),
});

const asList = <Value>(one: Value | readonly Value[]): readonly Value[] =>
  Array.isArray(one) ? one : [one as Value];

/** True when every statement that allows anything names the bucket, or objects in it, alone. */
const isConfinedTo = (policy: string | undefined, bucket: string): boolean => {
  let document: unknown;
  try {
    document = JSON.parse(policy ?? '');
  } catch {
    return false;
  }
  const parsed = policySchema.safeParse(document);
  if (!parsed.success) return false;
  const allowing = asList(parsed.data.Statement).filter(({ Effect }) => Effect !== 'Deny');
  const inBucket = new RegExp(`^arn:aws[a-z-]*:s3:::${bucket.replaceAll('.', '\\.')}(?:/.*)?$`);
  return (
    allowing.length > 0 &&
    allowing.every(
      ({ Resource, NotResource }) =>
        NotResource === undefined &&
        Resource !== undefined &&
        asList(Resource).every((one) => inBucket.test(one)),
    )
  );
};

export type EvidenceWay =
  | { readonly open: true; readonly prefixListId: string }
  | { readonly open: false; readonly why: string };

/**
 * Whether an interface's way to S3 ends in the evidence bucket: its subnet routes S3's prefix
 * list to a gateway endpoint, and the endpoint's policy names that bucket alone. Any other way
 * would let the host write to every bucket of the world
 * (https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-s3.html).
 */
export const evidenceWay = (
  networkInterface: { readonly vpcId: string; readonly subnetId: string },
  endpoints: readonly VpcEndpoint[],
  tables: readonly RouteTable[],
  bucket: string,
): EvidenceWay => {
  const { subnetId, vpcId } = networkInterface;
  const gateways = endpoints.filter(
    (one) => one.vpcId === vpcId && one.type === 'gateway' && s3Service.test(one.serviceName),
  );
  const table = tableOf(networkInterface, tables);
  if (table === undefined) return { open: false, why: `the routes of ${subnetId} are unknown` };
  const way = table.routes.find(
    ({ active, destination, target }) =>
      active && isPrefixList(destination) && gateways.some(({ id }) => id === target),
  );
  if (way === undefined) {
    return { open: false, why: `${subnetId} has no route to a gateway endpoint for S3` };
  }
  const gateway = gateways.find(({ id }) => id === way.target);
  return isConfinedTo(gateway?.policy, bucket)
    ? { open: true, prefixListId: way.destination }
    : { open: false, why: `the policy of ${way.target} allows more than ${bucket}` };
};
