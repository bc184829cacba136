import { isRead } from './read-actions.ts';
import type { Call, CallParams, FaultKind } from './traffic.ts';

/** A call as the proxy saw it, without the time of this process. */
export type SeenCall = Omit<Call, 'startedAt' | 'endedAt'>;

/** A resource that an event refers to. */
export interface EventResource {
  readonly ResourceType: string;
  readonly ResourceName: string;
}

/**
 * The services whose events are shown, each with its calls that are data events or that CloudTrail does not
 * log at all. Where the signing name is here, `<name>.amazonaws.com` is the source of the event.
 *
 * https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-data-events-with-cloudtrail.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/logging-using-cloudtrail.html
 * https://docs.aws.amazon.com/sns/latest/dg/logging-using-cloudtrail.html
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cloud-trail.html
 * https://docs.aws.amazon.com/kms/latest/developerguide/logging-using-cloudtrail.html
 */
const unlogged: Readonly<Record<string, RegExp | undefined>> = {
  autoscaling: undefined,
  cloudtrail: undefined,
  dynamodb:
    /^(?:Batch|Execute|Transact|(?:Delete|Get|Put|Update)Item$|Query$|Scan$|GetRecords|GetShard)/,
  ec2: undefined,
  elasticloadbalancing: undefined,
  iam: undefined,
  kms: undefined,
  sns: /^Publish/,
  ssm: undefined,
  states: /^(?:GetActivityTask|SendTask|StartSyncExecution)/,
  sts: undefined,
};

/** What the service never saw, or an answer that was none of its own. */
const unseen: ReadonlySet<FaultKind> = new Set([
  'connection-reset',
  'timeout',
  'empty-answer',
  'cut-answer',
  'expired',
]);

/** Whether the event history has the call. */
export const isManagementEvent = ({ service, action, requestId, fault }: SeenCall): boolean =>
  service in unlogged &&
  requestId !== undefined &&
  unlogged[service]?.test(action) !== true &&
  (fault === undefined || !unseen.has(fault));

/** KMS calls the use of a key read-only, STS its sessions. */
const furtherReads =
  /^(?:kms:(?:Encrypt|Decrypt|ReEncrypt|GenerateDataKey|GenerateMac|GenerateRandom|Sign|Verify)|sts:AssumeRole|cloudtrail:Lookup|iam:Simulate)/;

export const isReadOnly = ({ service, action }: SeenCall): boolean =>
  isRead(action) || furtherReads.test(`${service}:${action}`);

const types: Readonly<Record<string, string>> = {
  acl: 'NetworkAcl',
  eni: 'NetworkInterface',
  i: 'Instance',
  sg: 'SecurityGroup',
  snap: 'Snapshot',
  subnet: 'Subnet',
  vol: 'Volume',
  vpc: 'VPC',
};

const resourceOf = (name: string, value: string): readonly EventResource[] => {
  if (name === 'AutoScalingGroupName') {
    return [{ ResourceType: 'AWS::AutoScaling::AutoScalingGroup', ResourceName: value }];
  }
  const type = types[/^([a-z]+)-[0-9a-f]{8,17}$/.exec(value)?.[1] ?? ''];
  return type === undefined ? [] : [{ ResourceType: `AWS::EC2::${type}`, ResourceName: value }];
};

/** Names and values of parameters, however deep they stand. */
const leaves = (name: string, value: unknown): readonly (readonly [string, string])[] => {
  if (typeof value === 'string') return [[name, value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, one]) =>
    leaves(Array.isArray(value) ? name : key, one),
  );
};

/** A tag or a filter may have the id of a resource as its value, and refers to none. */
const isOther = (name: string): boolean => /^(?:Tag|Filter)[^.]*\./.test(name);

/** The resources that a call names. */
export const resourcesOf = (params: CallParams = {}): readonly EventResource[] => {
  const given =
    params instanceof URLSearchParams
      ? [...params].filter(([name]) => !isOther(name))
      : leaves('', params);
  const found = given.flatMap(([name, value]) => resourceOf(name, value));
  return [...new Map(found.map((one) => [one.ResourceName, one])).values()];
};

const lowerFirst = (name: string): string => `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;

/** The parameters as they were sent; null where there are none. */
export const parametersOf = (params: CallParams = {}): object | null => {
  const given = params instanceof URLSearchParams ? [...params] : Object.entries(params);
  const named = given.filter(([name]) => name !== 'Action' && name !== 'Version');
  if (named.length === 0) return null;
  return Object.fromEntries(named.map(([name, value]) => [lowerFirst(name), value]));
};

/** EC2 says whose fault an error is. */
export const errorCodeOf = ({ service, errorCode }: SeenCall): string | undefined => {
  if (errorCode === undefined || service !== 'ec2') return errorCode;
  const isServers = /^(?:Internal|Unavailable|ServiceUnavailable)/.test(errorCode);
  return `${isServers ? 'Server' : 'Client'}.${errorCode}`;
};
