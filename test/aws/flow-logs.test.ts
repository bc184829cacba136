import { DeleteFlowLogsCommand, DescribeFlowLogsCommand } from '@aws-sdk/client-ec2';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowLogs } from '../../src/actions/flow-logs/action.ts';
import { readFlowLogs } from '../../src/aws/flow-logs.ts';
import { sendInverse } from '../../src/aws/send-inverse.ts';
import { flowLogFields, flowLogFormat, isFlowLogOf } from '../../src/case/flow-log.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { aCase, accountId, caseId, firstInterface, region } from '../steps/sample-instance.ts';

const theCase = aCase();
const own = {
  FlowLogId: 'fl-00000000000000001',
  ResourceId: firstInterface,
  LogDestinationType: 's3',
  LogDestination: `arn:aws:s3:::evidence/flows/${accountId}/${region}/${caseId}/`,
  LogFormat: flowLogFormat,
} as const;

describe('The format of the flow logs', () => {
  it('has every field through version 10 once', () => {
    expect(flowLogFields).toHaveLength(42);
    expect(new Set(flowLogFields).size).toBe(42);
    expect(flowLogFormat).toMatch(/^\$\{version\} .* \$\{encryption-status\}$/);
  });
});

describe('The flow logs of a case', () => {
  it.each([
    ['goes to another bucket folder', { LogDestination: 'arn:aws:s3:::their-logs/flows' }],
    ['is of another case', { LogDestination: `${own.LogDestination.slice(0, -2)}1/` }],
    ['has a format of its own', { LogFormat: flowLogFormat.slice(0, 30) }],
    ['goes to CloudWatch', { LogDestinationType: 'cloud-watch-logs' as const }],
  ])('are not one that %s, whatever its tags say', async (_, change) => {
    const aws = fakeAws();
    aws.ec2.on(DescribeFlowLogsCommand).resolves({
      FlowLogs: [own, { ...own, ...change, FlowLogId: 'fl-0badbadbadbadbad0' }],
    });
    const found = await readFlowLogs(aws.deps.clients.ec2, theCase);
    expect(found.map(({ id }) => id)).toEqual([own.FlowLogId]);
  });

  it('are none, whatever somebody names as destination', () => {
    fc.assert(
      fc.property(fc.string(), (destination) => {
        const log = { id: 'fl-1', interfaceId: firstInterface, destination, format: flowLogFormat };
        expect(isFlowLogOf(log, theCase)).toBe(false);
      }),
    );
  });
});

describe('A release', () => {
  const [inverse] = flowLogs.inverses({
    ...{ instanceId: theCase.instanceId, region },
    former: { suspendedProcesses: [], targets: [], loadBalancers: [], interfaces: {}, volumes: [] },
    now: {
      ...{ protection: {}, interfaces: {}, volumes: {} },
      flowLogs: [{ id: own.FlowLogId, interfaceId: firstInterface }],
    },
  } as unknown as Parameters<typeof flowLogs.inverses>[0]);

  it('ends the flow logs, by the call and by the command alike', () => {
    expect(inverse).toMatchObject({
      phase: 'reinforcements',
      call: { api: 'ec2:DeleteFlowLogs', input: { FlowLogIds: [own.FlowLogId] } },
      command: `aws ec2 delete-flow-logs --region ${region} --flow-log-ids ${own.FlowLogId}`,
    });
  });

  const answered = async (Code: string): Promise<void> => {
    if (inverse === undefined) throw new Error('There is nothing to give back.');
    const aws = fakeAws();
    aws.ec2.on(DeleteFlowLogsCommand).resolves({
      Unsuccessful: [{ ResourceId: own.FlowLogId, Error: { Code, Message: 'refused' } }],
    });
    await sendInverse(aws.deps, inverse.call);
  };

  it('takes one that is gone already for done', async () => {
    await expect(answered('InvalidFlowLogId.NotFound')).resolves.toBeUndefined();
  });

  it('does not take a refusal for done, though the call itself succeeds', async () => {
    await expect(answered('UnauthorizedOperation')).rejects.toThrow(/refused/);
  });
});
