import { DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { goOn } from '../../src/intake/go-on.ts';
import { takeUp } from '../../src/intake/take-up.ts';
import { caseTable } from '../../src/record/case-table/case-table.ts';
import { accountId, region } from '../case/sample-before.ts';
import { triggerWith } from '../case/sample-report.ts';
import { fakeTable } from '../record/case-table/fake-table.ts';
import { awsError } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';

const machine = `arn:aws:states:${region}:${accountId}:stateMachine:Cordon`;

const memberNamed = (at: number): string => `i-0000000000000000${at}`;

/** An Auto Scaling group of some instances, whose members are found compromised one after the other. */
const scene = (size: number | 'unread', settings: Parameters<typeof fakeAws>[0] = {}) => {
  const aws = fakeAws({ brakeCasesPerHour: 100, ...settings });
  const items = fakeTable(aws, async () => {});
  aws.stepFunctions
    .on(StartExecutionCommand)
    .resolves({ executionArn: 'arn', startDate: new Date(0) });
  aws.stepFunctions.on(DescribeExecutionCommand).rejects(awsError('ExecutionDoesNotExist'));
  const Instances = Array.from({ length: size === 'unread' ? 0 : size }, (_, at) => ({
    InstanceId: memberNamed(at),
    AvailabilityZone: 'a',
    LifecycleState: 'InService' as const,
    HealthStatus: 'Healthy',
    ProtectedFromScaleIn: false,
  }));
  const groups = aws.autoScaling.on(DescribeAutoScalingGroupsCommand);
  if (size === 'unread') groups.rejects(awsError('AccessDenied'));
  else groups.resolves({ AutoScalingGroups: [{ Instances } as never] });
  const table = caseTable(aws.deps.clients.dynamoDb, 'cases');
  const take = (at: number, autoScalingGroup = 'web') =>
    takeUp(
      aws.deps,
      { stateMachineArn: machine, caseTable: table },
      {
        caseId: `20260301T0300Z-${memberNamed(at)}`,
        instanceId: memberNamed(at),
        accountId,
        region,
        trigger: triggerWith({ id: `f-${at}` }),
        dryRun: false,
        autoScalingGroup,
      },
    );
  const takeAll = async (count: number) => {
    const kinds: string[] = [];
    for (let at = 0; at < count; at += 1) kinds.push((await take(at)).kind);
    return kinds;
  };
  const settingsOf = {
    stateMachineArn: machine,
    deadLetterQueueUrl: '',
    stopParameter: '',
    caseTable: table,
    ownRoles: [],
  };
  return { aws, items, take, takeAll, goOn: () => goOn(aws.deps, settingsOf) };
};

const cuts = (kinds: readonly string[]): number =>
  kinds.filter((kind) => kind === 'execution').length;

describe('Of one Auto Scaling group', () => {
  it.each([
    [1, 50, 1],
    [3, 50, 1],
    [4, 50, 2],
    [9, 50, 4],
    [9, 100, 9],
    [4, 1, 1],
  ])('of %i members at %i percent, %i are cut in an hour', async (size, percent, allowed) => {
    const { takeAll } = scene(size, { brakeGroupPercent: percent });
    expect(cuts(await takeAll(size))).toBe(allowed);
  });

  it('says which group holds an instance back, and holds back no other group', async () => {
    const { takeAll, take } = scene(4);
    await takeAll(2);
    expect(await take(2)).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining('2 of the 4 instances of the Auto Scaling group "web"'),
    });
    expect((await take(3, 'db')).kind).toBe('execution');
  });

  it('goes on with the others in the next hour', async () => {
    const made = scene(4);
    await made.takeAll(4);
    expect((await made.goOn()).executions).toEqual([]);
    await made.aws.clock.sleep(3_600_000);
    expect((await made.goOn()).executions).toHaveLength(2);
  });

  it('does not charge the group for what its other budget holds back, however often that is tried', async () => {
    const made = scene(4, { brakeCasesPerHour: 1 });
    expect(cuts(await made.takeAll(4))).toBe(1);
    for (let time = 0; time < 5; time += 1) await made.goOn();
    const counter = [...made.items].find(([id]) => id.startsWith('brake#group:web#'));
    expect(counter?.[1].cuts).toEqual({ N: '1' });
  });

  it('holds nobody back where its size cannot be read: a server is not left open for that', async () => {
    expect(cuts(await scene('unread').takeAll(4))).toBe(4);
  });
});
