import { AthenaClient, CreateWorkGroupCommand } from '@aws-sdk/client-athena';
import {
  CreateFlowLogsCommand,
  CreateTagsCommand,
  DescribeFlowLogsCommand,
  DescribeTagsCommand,
} from '@aws-sdk/client-ec2';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { publishedMessages } from '../../emulator/follow/published.ts';
import { clientConfiguration } from '../../emulator/world/world-clients.ts';
import type { CollectEvidenceDetail } from '../../src/case/details.ts';
import { flowFolder } from '../../src/case/flow-log.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { detailOf } from '../../src/case/step-detail.ts';
import { evidencePermissions } from '../../src/evidence/answer-evidence.ts';
import { collectors } from '../../src/evidence/index.ts';
import type { Told } from '../evidence/flow-logs/generated-records.ts';
import {
  deliveredKey,
  fileOf,
  flow,
  nothing,
  zipped,
} from '../evidence/flow-logs/generated-records.ts';
import type { Account } from './account.ts';
import { containByEvent, subjects, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { bucketOf, storeOf } from './evidence-scene.ts';

/** The traffic of a contained instance, from the flow log to the release. */

const accounts = useAccount({ evidence: true });
const command = useCommand();
const peer = '203.0.113.77';

const contained = async (): Promise<{ account: Account; report: CaseReport }> => {
  const account = await accounts.open({
    parameters: { FlowLogs: 'true' },
    // With what the template grants the function, and nothing else.
    grants: {
      EvidenceFunction: [
        ...new Set([
          ...evidencePermissions,
          ...collectors.flatMap(({ permissions }) => permissions),
          ...['kms:GenerateDataKey', 'kms:Decrypt'],
        ]),
      ],
    },
  });
  const report = (await containByEvent(account)).output as CaseReport;
  expect(report.status).toBe('contained');
  return { account, report };
};

const flowLogsOf = async ({ clients }: Account) =>
  (await clients.ec2.send(new DescribeFlowLogsCommand({}))).FlowLogs ?? [];

/** The flow logs of the case, which a machine makes that nobody waits for. */
const madeFlowLogs = async (account: Account) => {
  for (let tries = 0; tries < 60; tries += 1) {
    const found = await flowLogsOf(account);
    if (found.length > 0) return found;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error('No flow log was made.');
};

const ago = (seconds: number): Date => new Date(Date.now() - seconds * 1_000);
const inSeconds = (at: Date): number => Math.floor(at.getTime() / 1_000);

/** One look of the collector, of a cut that was seen twenty minutes ago. */
const lookAt = async ({ stage, clients }: Account, report: CaseReport) => {
  const detail = detailOf<CollectEvidenceDetail>(report.steps, 'collect-evidence');
  const { input = '' } = await clients.stepFunctions.send(
    new DescribeExecutionCommand({ executionArn: detail?.executionArn }),
  );
  const since = ago(1_260).toISOString();
  const waiting = { since, cutSeenAt: ago(1_200).toISOString(), refused: [] };
  const answer = await stage.invoke('EvidenceFunction', {
    verb: 'follow',
    collector: 'flow-logs',
    state: waiting,
    ...JSON.parse(input),
  });
  if (!('payload' in answer)) throw new Error(answer.errorMessage);
  return answer.payload as { outcome: string; sentence: string };
};

const deliver = async (account: Account, report: CaseReport, records: readonly Told[]) => {
  const { s3, name: Bucket } = bucketOf(account);
  // AWS names the flow log in the name of the file.
  const pieces = await storeOf(account, report).pieces();
  const noted = pieces.find(({ collector, resource }) => collector === 'flow-logs' && resource);
  const Key = deliveredKey(report, 0, noted?.resource);
  return s3.send(new PutObjectCommand({ Bucket, Key, Body: zipped(fileOf(records)) }));
};

describe('The traffic of an instance that is contained while the stack logs flows', () => {
  it('is logged to the store, and ends to be with the release, its records staying', async () => {
    const { account, report } = await contained();
    const [made, ...others] = await madeFlowLogs(account);
    expect(made).toMatchObject({
      LogDestinationType: 's3',
      LogDestination: `arn:aws:s3:::${bucketOf(account).name}/${flowFolder(report)}/`,
      MaxAggregationInterval: 60,
      TrafficType: 'ALL',
    });
    // Somebody gives a flow log of his own the tag of the case.
    const theirs = await account.clients.ec2.send(
      new CreateFlowLogsCommand({
        ResourceType: 'NetworkInterface',
        ResourceIds: [made?.ResourceId ?? ''],
        TrafficType: 'ALL',
        LogDestinationType: 's3',
        LogDestination: `arn:aws:s3:::${bucketOf(account).name}/theirs/`,
      }),
    );
    await account.clients.ec2.send(
      new CreateTagsCommand({
        Resources: theirs.FlowLogIds,
        Tags: [{ Key: 'cordon:case', Value: report.caseId }],
      }),
    );
    await deliver(account, report, [nothing(inSeconds(ago(600)))]);
    const { code, stderr } = await command.start(
      account.emulator,
      ['release', account.world.suspectId, '--yes'],
      { USER: 'ada' },
    ).ended;
    expect(code, stderr).toBe(0);
    const left = await flowLogsOf(account);
    expect(left.map(({ FlowLogId }) => FlowLogId)).toEqual(theirs.FlowLogIds);
    expect(others.map(({ FlowLogId }) => FlowLogId)).not.toContain(theirs.FlowLogIds?.[0]);
    expect(await storeOf(account, report).delivered(flowFolder(report))).toHaveLength(1);
  });

  it('shows that no flow was seen, minute by minute', async () => {
    const { account, report } = await contained();
    const [made] = await madeFlowLogs(account);
    const quiet = Array.from({ length: 12 }, (_, at) => ({
      ...nothing(inSeconds(ago(1_100)) + at * 60),
      'interface-id': made?.ResourceId ?? '',
    }));
    await deliver(account, report, quiet);
    const { outcome, sentence } = await lookAt(account, report);
    expect({ outcome, sentence }).toEqual({
      outcome: expect.stringMatching(/^(?:done|waiting)$/),
      sentence: expect.stringContaining(`No flow seen for 11 minutes (observed)`),
    });
  });

  it('shows a connection that lives: people are told once, and the case is partial', async () => {
    const { account, report } = await contained();
    const [made] = await madeFlowLogs(account);
    const through = flow(inSeconds(ago(600)), 'egress', peer, {
      'interface-id': made?.ResourceId ?? '',
    });
    await deliver(account, report, [through]);
    expect(await lookAt(account, report)).toMatchObject({
      sentence: expect.stringContaining(`CONNECTIONS LIVE: ${peer}, tcp`),
    });
    await lookAt(account, report);
    const { suspectId } = account.world;
    const subject = `[Cordon] CONNECTION LIVES ${suspectId}: ${peer}`;
    expect(subjects(account).filter((one) => one === subject)).toHaveLength(1);
    const told = publishedMessages(account.emulator.traffic).find((one) => one.subject === subject);
    expect(told?.text).toContain('aws ec2 create-network-acl-entry');
    const { Tags = [] } = await account.clients.ec2.send(
      new DescribeTagsCommand({ Filters: [{ Name: 'resource-id', Values: [suspectId] }] }),
    );
    expect(Tags).toContainEqual(
      expect.objectContaining({ Key: 'cordon:status', Value: 'partial' }),
    );
    const pieces = await storeOf(account, report).pieces();
    expect(pieces.map(({ name }) => name)).toContain(`living-${peer}.json`);
  });

  it('is asked on Athena by the command, and who asked stands in the custody', async () => {
    const { account, report } = await contained();
    // moto makes no workgroup of a template.
    const athena = new AthenaClient(clientConfiguration(account.emulator));
    await athena.send(
      new CreateWorkGroupCommand({ Name: account.stage.deployed.outputs.FlowWorkGroup }),
    );
    const { code, stdout, stderr } = await command.start(
      account.emulator,
      ['evidence', 'flows', report.caseId, '--json', '--region', account.emulator.region],
      { USER: 'sam' },
    ).ended;
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ caseId: report.caseId, query: 'talkers', rows: [] });
    expect(await storeOf(account, report).custody()).toContainEqual(
      expect.objectContaining({ what: 'analysed', piece: 'flow-logs', by: 'sam' }),
    );
    const tooEarly = await command.start(
      account.emulator,
      [
        ...['evidence', 'flows', report.caseId, '--query', 'after-cut'],
        ...['--region', account.emulator.region],
      ],
      { USER: 'sam' },
    ).ended;
    expect(tooEarly.code).toBe(2);
    expect(tooEarly.stderr).toContain('is not measured (yet)');
  });
});
