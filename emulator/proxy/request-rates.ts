import type { AwsRequest } from './aws-request.ts';
import { isRead } from './read-actions.ts';
import type { CallParams } from './traffic.ts';

/** How many requests a bucket holds, and how many are added to it per second. */
interface Rate {
  readonly burst: number;
  readonly perSecond: number;
}

interface Allowance extends Rate {
  /** The requests that share one bucket. */
  readonly bucket: string;
}

/** Decides whether a request is within the documented rates. */
export interface RequestRates {
  /** Takes a token for the request; false when there is none left. */
  admit(request: Pick<AwsRequest, 'service' | 'action' | 'params'>): boolean;
}

const rate = (burst: number, perSecond: number): Rate => ({ burst, perSecond });

const EC2_READS = rate(100, 20);
const EC2_UNFILTERED_READS = rate(50, 10);
const EC2_CHANGES = rate(50, 5);

const EC2_READS_TO_FILTER = new Set([
  'DescribeInstances',
  'DescribeNetworkInterfaces',
  'DescribeSecurityGroups',
  'DescribeSnapshots',
  'DescribeVolumes',
]);

const EC2_OWN_RATES: Readonly<Record<string, Rate>> = {
  AssociateIamInstanceProfile: rate(100, 5),
  AuthorizeSecurityGroupIngress: rate(50, 5),
  CreateSnapshot: rate(100, 5),
  CreateSnapshots: rate(100, 5),
  CreateTags: rate(100, 10),
  DeleteTags: rate(100, 10),
  DisassociateIamInstanceProfile: rate(100, 5),
  ModifyInstanceMetadataOptions: rate(100, 5),
  ModifyNetworkInterfaceAttribute: rate(100, 5),
  ModifySnapshotAttribute: rate(100, 5),
  RevokeSecurityGroupIngress: rate(50, 5),
};

const BALANCER_READS = rate(200, 50);
const BALANCER_REGISTRATIONS = rate(20, 4);
const BALANCER_CHANGES = rate(20, 3);

const isFilteredOrPaged = (params: CallParams): boolean =>
  params instanceof URLSearchParams &&
  [...params.keys()].some((name) => name === 'MaxResults' || name.startsWith('Filter.'));

const ec2Allowance = (action: string, params: CallParams): Allowance => {
  const own = EC2_OWN_RATES[action];
  if (own !== undefined) return { bucket: `ec2:${action}`, ...own };
  if (!isRead(action)) return { bucket: `ec2:${action}`, ...EC2_CHANGES };
  return EC2_READS_TO_FILTER.has(action) && !isFilteredOrPaged(params)
    ? { bucket: `ec2:${action} unfiltered`, ...EC2_UNFILTERED_READS }
    : { bucket: `ec2:${action}`, ...EC2_READS };
};

const balancerAllowance = (action: string, params: CallParams): Allowance => {
  const version = params instanceof URLSearchParams ? params.get('Version') : '';
  const group = `elasticloadbalancing ${version}`;
  if (action.startsWith('Describe')) return { bucket: `${group} reads`, ...BALANCER_READS };
  return /^(?:Register|Deregister)/.test(action)
    ? { bucket: `${group} registrations`, ...BALANCER_REGISTRATIONS }
    : { bucket: `${group} changes`, ...BALANCER_CHANGES };
};

/** https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html */
const trailAllowance = (action: string): Allowance | undefined =>
  action === 'LookupEvents' ? { bucket: 'cloudtrail:LookupEvents', ...rate(2, 2) } : undefined;

const allowanceOf: Readonly<
  Record<string, (action: string, params: CallParams) => Allowance | undefined>
> = {
  ec2: ec2Allowance,
  elasticloadbalancing: balancerAllowance,
  cloudtrail: trailAllowance,
};

/**
 * Token buckets at the rates that AWS documents for an account in a Region, all full at first:
 *
 * - EC2 has a bucket per action. Describe-calls of instances, interfaces, security groups,
 *   snapshots and volumes without filter and page size have a smaller one of their own; ids are no
 *   filter.
 * - Elastic Load Balancing has three: one for all Describe-calls, one for (de)registrations, one
 *   for all other changes. The classic and the newer API do not share them.
 * - CloudTrail's LookupEvents may be called twice a second.
 * - Other services are unlimited.
 *
 * @param now milliseconds that never run backwards.
 */
export const createRequestRates = (now: () => number = () => performance.now()): RequestRates => {
  const buckets = new Map<string, { tokens: number; at: number }>();
  return {
    admit({ service, action, params }) {
      const allowance = allowanceOf[service]?.(action, params);
      if (allowance === undefined) return true;
      const at = now();
      const before = buckets.get(allowance.bucket) ?? { tokens: allowance.burst, at };
      const added = ((at - before.at) / 1000) * allowance.perSecond;
      const tokens = Math.min(allowance.burst, before.tokens + added);
      const isAdmitted = tokens >= 1;
      buckets.set(allowance.bucket, { tokens: isAdmitted ? tokens - 1 : tokens, at });
      return isAdmitted;
    },
  };
};
