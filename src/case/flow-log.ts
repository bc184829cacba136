import type { Case } from './case.ts';

/**
 * Everything that a record of a flow can say, in the order in which it is asked for: all fields through
 * version 10 (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields).
 */
export const flowLogFields = [
  ...['version', 'account-id', 'interface-id', 'srcaddr', 'dstaddr', 'srcport', 'dstport'],
  ...['protocol', 'packets', 'bytes', 'start', 'end', 'action', 'log-status'],
  ...['vpc-id', 'subnet-id', 'instance-id', 'tcp-flags', 'type', 'pkt-srcaddr', 'pkt-dstaddr'],
  ...['region', 'az-id', 'sublocation-type', 'sublocation-id'],
  ...['pkt-src-aws-service', 'pkt-dst-aws-service', 'flow-direction', 'traffic-path'],
  ...['ecs-cluster-arn', 'ecs-cluster-name', 'ecs-container-instance-arn'],
  ...['ecs-container-instance-id', 'ecs-container-id', 'ecs-second-container-id'],
  ...['ecs-service-name', 'ecs-task-definition-arn', 'ecs-task-arn', 'ecs-task-id'],
  ...['reject-reason', 'resource-id', 'encryption-status'],
] as readonly string[];

/** The format as CreateFlowLogs takes it. */
export const flowLogFormat = flowLogFields.map((field) => `\${${field}}`).join(' ');

/** A flow log as EC2 describes it. */
export interface FlowLog {
  readonly id: string;
  readonly interfaceId: string;
  /** The ARN of a bucket with a folder, or of something else. */
  readonly destination: string;
  readonly format: string;
}

type CaseOfFlows = Pick<Case, 'accountId' | 'region' | 'caseId'>;

/** Where the records of a case lie in the store. It ends no name with `AWSLogs`, which AWS reserves. */
export const flowFolder = ({ accountId, region, caseId }: CaseOfFlows): string =>
  `flows/${accountId}/${region}/${caseId}`;

/**
 * The folder that AWS makes below that one
 * (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html).
 */
export const recordsFolder = (theCase: CaseOfFlows): string =>
  `${flowFolder(theCase)}/AWSLogs/${theCase.accountId}/vpcflowlogs/${theCase.region}/`;

/**
 * Whether a flow log is one that Cordon made for this case. Its tags are not asked: anybody may tag a flow
 * log of his own, but destination and format are fixed when it is made.
 */
export const isFlowLogOf = ({ destination, format }: FlowLog, theCase: CaseOfFlows): boolean => {
  const path = destination.replace(/^arn:[a-z0-9-]+:s3:::[^/]+\//, '').replace(/\/$/, '');
  return path === flowFolder(theCase) && format === flowLogFormat;
};
