import {
  DescribeExecutionCommand,
  SendTaskSuccessCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { PublishCommand } from '@aws-sdk/client-sns';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/case/case.ts';
import { answered } from '../../src/intake/answered.ts';
import { askPerson } from '../../src/intake/ask.ts';
import { goOn } from '../../src/intake/go-on.ts';
import { takeUp } from '../../src/intake/take-up.ts';
import { caseTable } from '../../src/record/case-table/case-table.ts';
import { noteQuestion, noteRefusal } from '../../src/record/case-table/question-item.ts';
import { accountId, instanceId, region } from '../case/sample-before.ts';
import { triggerWith } from '../case/sample-report.ts';
import { fakeTable } from '../record/case-table/fake-table.ts';
import { awsError } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';

const machine = `arn:aws:states:${region}:${accountId}:stateMachine:Cordon`;
const askMachine = `arn:aws:states:${region}:${accountId}:stateMachine:cordon-ask`;

const caseOf = (severity: number, changes: Partial<Case> = {}): Case => ({
  caseId: `20260301T0300Z-${instanceId}`,
  instanceId,
  accountId,
  region,
  trigger: triggerWith({ severity, id: `f-${severity}` }),
  dryRun: false,
  ...changes,
});

/** Intake beside the machine that asks, whose questions a test asks and answers itself. */
const scene = (settings: Parameters<typeof fakeAws>[0] = {}) => {
  const aws = fakeAws(settings);
  const items = fakeTable(aws, async () => {});
  const runs = new Map<string, boolean>();
  const questions: string[] = [];
  const refusals: true[] = [];
  aws.stepFunctions
    .on(StartExecutionCommand)
    .callsFake(async ({ name = '', stateMachineArn = '' }) => {
      if (refusals.splice(0, 1).length > 0) throw awsError('ThrottlingException');
      if (stateMachineArn === askMachine) questions.push(name);
      else runs.set(name, true);
      return { executionArn: name, startDate: aws.clock.now() };
    });
  aws.stepFunctions.on(DescribeExecutionCommand).callsFake(async ({ executionArn = '' }) => {
    const running = runs.get(executionArn.split(':').at(-1) ?? '');
    if (running === undefined) throw awsError('ExecutionDoesNotExist');
    return { status: running ? 'RUNNING' : 'SUCCEEDED', input: JSON.stringify(caseOf(8)) };
  });
  const answers: string[] = [];
  aws.stepFunctions
    .on(SendTaskSuccessCommand)
    .callsFake(async ({ taskToken = '', output = '' }) => {
      answers.push(`${taskToken} ${JSON.parse(output).answer}`);
      return {};
    });
  aws.sns.on(PublishCommand).resolves({ MessageId: 'm' });
  aws.ssm.on(GetParameterCommand).rejects(awsError('ParameterNotFound'));
  const table = caseTable(aws.deps.clients.dynamoDb, 'cases');
  const raw = { dynamoDb: aws.deps.clients.dynamoDb, tableName: 'cases' };
  const intakeSettings = {
    stateMachineArn: machine,
    askStateMachineArn: askMachine,
    deadLetterQueueUrl: '',
    stopParameter: '/stop',
    caseTable: table,
    ownRoles: [],
  };
  const take = (theCase: Case) => takeUp(aws.deps, intakeSettings, theCase);
  const ask = (theCase: Case) =>
    askPerson(
      { deps: aws.deps, stateMachineArn: machine, askStateMachineArn: askMachine, table },
      theCase,
      'why',
    );
  const noted = (theCase: Case, token: string, again = false) =>
    noteQuestion(raw, theCase, {
      token,
      until: new Date(aws.clock.now().getTime() + 900_000),
      again,
    });
  const end = (theCase: Case, answer: object) =>
    answered(aws.deps, intakeSettings, { asked: 'go-on', case: theCase, answer });
  const own = (severity: number): Case =>
    caseOf(severity, { caseId: items.get(`case#${instanceId}`)?.caseId?.S ?? '' });
  return {
    ...{ aws, items, runs, questions, refusals, answers, table, raw },
    ...{ take, ask, noted, end, own, goOn: () => goOn(aws.deps, intakeSettings) },
    statusOf: () => items.get(`case#${instanceId}`)?.status?.S,
  };
};

/** A finding whose own run asked, by what EC2 shows of the instance. */
const askedByItsRun = async (made: ReturnType<typeof scene>, severity = 8): Promise<string> => {
  await made.take(caseOf(severity));
  const { caseId } = made.own(severity);
  made.runs.set(caseId, false);
  await made.noted(made.own(severity), 'first');
  return caseId;
};

describe('A question that waits', () => {
  it('is not asked anew by every further finding: that would keep the host open for ever', async () => {
    const made = scene();
    const caseId = await askedByItsRun(made);
    for (const severity of [8, 7, 8]) {
      expect(await made.take(caseOf(severity))).toMatchObject({ kind: 'left' });
    }
    expect([...made.runs.keys()]).toEqual([caseId]);
    expect(made.answers).toEqual([]);
    expect(await made.take(caseOf(9.5))).toMatchObject({ execution: { outcome: 'started' } });
    expect(made.answers).toEqual(['first superseded']);
  });

  it('gives way to a question about something more severe, which a refusal then covers', async () => {
    const made = scene();
    await made.ask(caseOf(5));
    await made.noted(made.own(5), 'lesser');
    expect(await made.ask(caseOf(5))).toMatchObject({ kind: 'left' });
    expect(await made.ask(caseOf(8.9))).toEqual({ kind: 'asked' });
    expect(made.answers).toEqual(['lesser superseded']);
    expect(made.questions).toHaveLength(2);
    await made.noted(made.own(8.9), 'worse');
    await noteRefusal(made.raw, made.own(8.9), 'sam', made.aws.clock.now());
    expect(await made.take(caseOf(8.9))).toMatchObject({ kind: 'left' });
    expect(await made.take(caseOf(9))).toMatchObject({ kind: 'execution' });
  });

  it('is repeated though the table did not take it the first time', async () => {
    const made = scene();
    await made.ask(caseOf(8));
    expect(made.statusOf()).toBe('opening');
    expect(await made.noted(made.own(8), 'second', true)).toBe('noted');
  });

  it('is superseded where somebody has decided, and by nothing else', async () => {
    const made = scene();
    await made.ask(caseOf(8));
    const { caseId } = made.own(8);
    await made.table.settle(instanceId, caseId, 'running');
    expect(await made.noted(made.own(8), 't', true)).toBe('unknown');
    await made.table.settle(instanceId, caseId, 'contained');
    expect(await made.noted(made.own(8), 't', true)).toBe('superseded');
    expect(await made.noted(caseOf(8), 't')).toBe('unknown');
  });

  it('is asked where the run of an opened case has ended without a word', async () => {
    const made = scene();
    await made.take(caseOf(8));
    const { caseId } = made.own(8);
    expect(await made.ask(caseOf(8))).toMatchObject({ kind: 'left' });
    made.runs.set(caseId, false);
    expect(await made.ask(caseOf(8))).toEqual({ kind: 'asked' });
  });
});

describe('The end of a question', () => {
  it('is carried out by the next attempt, where the first died before the run began', async () => {
    const made = scene();
    const caseId = await askedByItsRun(made);
    made.refusals.push(true);
    await expect(made.end(made.own(8), { answer: 'approve', by: 'sam' })).rejects.toThrow();
    expect(made.statusOf()).toBe('running');
    const { executions } = await made.end(made.own(8), { answer: 'approve', by: 'sam' });
    expect(executions).toMatchObject([{ caseId, outcome: 'started' }]);
    expect([...made.runs.keys()]).toEqual([caseId, `${caseId}-r2`]);
  });

  it.each(['released', 'closed', 'failed', 'stopped'])(
    'contains though the table has an older case, %s, because it did not answer when it was asked',
    async (status) => {
      const made = scene();
      await made.ask(caseOf(8));
      await made.table.settle(instanceId, made.own(8).caseId, status);
      const { executions } = await made.end(caseOf(8), { Error: 'States.Timeout' });
      expect(executions).toMatchObject([{ outcome: 'started' }]);
    },
  );

  it.each(['contained', 'partial', 'refused'])(
    'changes nothing where the case is %s',
    async (status) => {
      const made = scene();
      await made.ask(caseOf(8));
      await made.table.settle(instanceId, made.own(8).caseId, status);
      const { executions, skipped } = await made.end(made.own(8), { Error: 'States.Timeout' });
      expect(executions).toEqual([]);
      expect(skipped).toMatchObject([{ reason: expect.stringContaining(`is ${status} by now`) }]);
    },
  );

  it('without an answer is held by the brake, and goes on as its budget frees, in mode ask too', async () => {
    const made = scene({ mode: 'ask', brakeCasesPerHour: 1 });
    await made.table.count('guardduty', 1, made.aws.clock.now());
    await made.ask(caseOf(8));
    await made.noted(made.own(8), 't');
    await made.end(made.own(8), { Error: 'States.Timeout' });
    expect(made.statusOf()).toBe('held');
    expect((await made.goOn()).executions).toEqual([]);
    await made.aws.clock.sleep(3_600_000);
    expect((await made.goOn()).executions).toHaveLength(1);
  });

  it('by a person is not braked', async () => {
    const made = scene({ brakeCasesPerHour: 1 });
    await made.table.count('guardduty', 1, made.aws.clock.now());
    await made.ask(caseOf(8));
    await made.noted(made.own(8), 't');
    const { executions } = await made.end(made.own(8), { answer: 'approve', by: 'sam' });
    expect(executions).toHaveLength(1);
  });

  it.each([{ asked: 'go-on' }, { asked: 'go-on', case: { instanceId, caseId: 'x' }, answer: {} }])(
    'is refused where it is none: %j',
    async (event) => {
      const made = scene();
      await expect(answered(made.aws.deps, {} as never, event)).rejects.toThrow(
        'The end of a question cannot be read',
      );
    },
  );
});

describe('The evidence of an instance that the brake holds back', () => {
  it('is kept by the next delivery, where the first died before it', async () => {
    const made = scene({ brakeCasesPerHour: 1 });
    await made.table.count('guardduty', 1, made.aws.clock.now());
    made.refusals.push(true);
    expect((await made.take(caseOf(8))).kind).toBe('held');
    expect(made.questions).toEqual([]);
    expect((await made.take(caseOf(8))).kind).toBe('held');
    expect(made.questions).toEqual([made.own(8).caseId]);
  });
});
