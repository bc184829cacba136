import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { openInTable, watched } from '../../src/watch/open-in-table.ts';
import { awsError } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';

const scene = () => {
  const aws = fakeAws();
  const table = { dynamoDb: aws.deps.clients.dynamoDb, tableName: 'cases' };
  return { aws, read: () => openInTable(aws.deps, table) };
};

const item = (instanceId: string, caseId: string) => ({
  id: { S: `case#${instanceId}` },
  caseId: { S: caseId },
});

describe('The open cases of the table', () => {
  it('are read to the last page, and counters are no cases', async () => {
    const { aws, read } = scene();
    aws.dynamoDb
      .on(ScanCommand)
      .resolvesOnce({ Items: [item('i-1', 'a')], LastEvaluatedKey: { id: { S: 'case#i-1' } } })
      .resolvesOnce({
        Items: [{ id: { S: 'brake#guardduty#x' }, caseId: { S: 'x' } }, item('i-2', 'b')],
      });
    expect([...(await read())]).toEqual([
      ['i-1', 'a'],
      ['i-2', 'b'],
    ]);
  });

  it('are none where the table does not answer: groups and tags are what there is then', async () => {
    const { aws, read } = scene();
    aws.dynamoDb.on(ScanCommand).rejects(awsError('AccessDeniedException'));
    expect((await read()).size).toBe(0);
    aws.dynamoDb.on(ScanCommand).callsFake(() => new Promise(() => {}));
    expect((await read()).size).toBe(0);
  });

  it('are read beside what AWS shows, each instance once, but for those that are terminated', async () => {
    const { aws } = scene();
    aws.ec2.on(DescribeInstancesCommand).resolves({
      Reservations: [{ Instances: [{ InstanceId: 'i-1' }] }],
    });
    const inTable = new Map([
      ['i-1', 'a'],
      ['i-2', 'b'],
      ['i-gone', 'c'],
    ]);
    expect(await watched(aws.deps, inTable, ['i-3', 'i-2'])).toEqual(['i-1', 'i-3', 'i-2']);
    expect(aws.ec2.commandCalls(DescribeInstancesCommand)[0]?.args[0].input.Filters).toEqual([
      { Name: 'instance-id', Values: ['i-1', 'i-gone'] },
      { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
    ]);
  });

  it('ask EC2 for nothing where they are all shown', async () => {
    const { aws } = scene();
    expect(await watched(aws.deps, new Map([['i-1', 'a']]), ['i-1'])).toEqual(['i-1']);
    expect(aws.ec2.commandCalls(DescribeInstancesCommand)).toEqual([]);
  });
});
