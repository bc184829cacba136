import { createHash } from 'node:crypto';
import type { EC2Client, FlowLog as Ec2FlowLog, UnsuccessfulItem } from '@aws-sdk/client-ec2';
import {
  CreateFlowLogsCommand,
  DeleteFlowLogsCommand,
  DescribeFlowLogsCommand,
  paginateDescribeFlowLogs,
} from '@aws-sdk/client-ec2';
import type { Case } from '../case/case.ts';
import { EvidenceStoreError } from '../case/errors.ts';
import type { FlowLog } from '../case/flow-log.ts';
import { flowFolder, flowLogFormat, isFlowLogOf } from '../case/flow-log.ts';
import { partitionOf } from '../case/partition.ts';
import { caseTag, instanceTag } from '../record/trail/keys.ts';
import { itemsPerPage, wholeList } from './pages.ts';

/** What it takes to read the flow logs of a case. */
export const readFlowLogPermissions = ['ec2:DescribeFlowLogs'] as const;

/**
 * What it takes to make one. AWS asks for the right to list what the fields about ECS name
 * (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields).
 */
export const createFlowLogPermissions = [
  ...readFlowLogPermissions,
  'ec2:CreateFlowLogs',
  'ec2:CreateTags',
  'logs:CreateLogDelivery',
  'logs:DeleteLogDelivery',
  'ecs:ListClusters',
  'ecs:ListContainerInstances',
  'ecs:ListServices',
  'ecs:ListTaskDefinitions',
  'ecs:ListTasks',
] as const;

type CaseOfFlows = Pick<Case, 'accountId' | 'region' | 'caseId' | 'instanceId'>;

const toFlowLog = (one: Ec2FlowLog): FlowLog => ({
  id: one.FlowLogId ?? '',
  interfaceId: one.ResourceId ?? '',
  destination: one.LogDestinationType === 's3' ? (one.LogDestination ?? '') : '',
  format: one.LogFormat ?? '',
});

/** The flow logs of a case that AWS knows, those of somebody else with its tag left out. */
export const readFlowLogs = async (
  ec2: EC2Client,
  theCase: Omit<CaseOfFlows, 'instanceId'>,
): Promise<readonly FlowLog[]> => {
  const found: FlowLog[] = [];
  const pages = paginateDescribeFlowLogs(
    { client: ec2, pageSize: itemsPerPage },
    { Filter: [{ Name: `tag:${caseTag}`, Values: [theCase.caseId] }] },
  );
  for await (const { FlowLogs } of pages) {
    found.push(...wholeList(FlowLogs, 'flow logs').map(toFlowLog));
  }
  return found.filter((one) => isFlowLogOf(one, theCase));
};

/** Whether AWS still knows this flow log. By filter: an id that is gone would refuse the call. */
export const hasFlowLog = async (ec2: EC2Client, id: string): Promise<boolean> => {
  const { FlowLogs } = await ec2.send(
    new DescribeFlowLogsCommand({ Filter: [{ Name: 'flow-log-id', Values: [id] }] }),
  );
  return wholeList(FlowLogs, 'flow logs').length > 0;
};

/** Which interface was not taken, and why. */
export interface Untaken {
  readonly interfaceId: string;
  readonly why: string;
}

const untaken = ({ ResourceId = '', Error: error }: UnsuccessfulItem): Untaken => ({
  interfaceId: ResourceId,
  why: `${error?.Code ?? 'unknown'}: ${error?.Message ?? 'AWS gives no reason'}`,
});

/** The same interfaces of the same case are one request, whoever repeats it; at most 64 characters. */
const tokenOf = ({ caseId }: CaseOfFlows, interfaceIds: readonly string[]): string =>
  createHash('sha256')
    .update([caseId, ...interfaceIds.toSorted()].join(' '))
    .digest('hex');

/** @throws EvidenceStoreError in a Region of which it is not known how its ARNs begin. */
const destinationOf = (theCase: CaseOfFlows, bucketName: string): string => {
  const partition = partitionOf(theCase.region);
  if (partition === undefined) {
    throw new EvidenceStoreError(
      `The partition of ${theCase.region} is not known, so no flow log can name the store: create it by hand.`,
    );
  }
  return `arn:${partition}:s3:::${bucketName}/${flowFolder(theCase)}/`;
};

/**
 * Logs the traffic of these interfaces, at most 1,000, to the store of the case. Each is taken or refused by
 * itself (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateFlowLogs.html).
 */
export const createFlowLogs = async (
  ec2: EC2Client,
  theCase: CaseOfFlows,
  bucketName: string,
  interfaceIds: readonly string[],
): Promise<{ readonly refused: readonly Untaken[]; readonly requestId: string }> => {
  const { Unsuccessful = [], $metadata } = await ec2.send(
    new CreateFlowLogsCommand({
      ClientToken: tokenOf(theCase, interfaceIds),
      ResourceType: 'NetworkInterface',
      ResourceIds: [...interfaceIds],
      TrafficType: 'ALL',
      LogDestinationType: 's3',
      LogDestination: destinationOf(theCase, bucketName),
      LogFormat: flowLogFormat,
      MaxAggregationInterval: 60,
      DestinationOptions: {
        FileFormat: 'plain-text',
        HiveCompatiblePartitions: false,
        PerHourPartition: false,
      },
      TagSpecifications: [
        {
          ResourceType: 'vpc-flow-log',
          Tags: [
            { Key: caseTag, Value: theCase.caseId },
            { Key: instanceTag, Value: theCase.instanceId },
          ],
        },
      ],
    }),
  );
  return { refused: Unsuccessful.map(untaken), requestId: $metadata.requestId ?? 'unknown' };
};

/**
 * Ends a flow log; the records that it has delivered stay.
 *
 * @throws an error with the code that AWS gives in its answer, which is no failure of the call.
 */
export const deleteFlowLogs = async (ec2: EC2Client, ids: readonly string[]): Promise<void> => {
  const { Unsuccessful = [] } = await ec2.send(new DeleteFlowLogsCommand({ FlowLogIds: [...ids] }));
  const [first] = Unsuccessful;
  if (first === undefined) return;
  const { Code = 'Unknown', Message = 'AWS gives no reason' } = first.Error ?? {};
  throw Object.assign(new Error(`${first.ResourceId ?? 'a flow log'}: ${Message}`), {
    name: Code,
  });
};
