import {
  CreateTagsCommand,
  DescribeInstanceAttributeCommand,
  DescribeInstancesCommand,
} from '@aws-sdk/client-ec2';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it, vi } from 'vitest';
import { awaitExecution, followExecution } from '../../emulator/follow/execution.ts';
import { publishedMessages } from '../../emulator/follow/published.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Account } from './account.ts';
import { subjects, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { executionsOf, findingAbout, tableOf, takeIn } from './intake-scene.ts';

/** A person is asked before an instance is cut off: approve, refuse, or nobody answers. */

const accounts = useAccount();
const command = useCommand();

const asking = (parameters: Record<string, string> = {}) =>
  accounts.open({ parameters: { Mode: 'ask', ...parameters } });

const askMachineOf = ({ stage }: Account): string =>
  stage.deployed.physicalIds.AskStateMachine ?? '';

const statusOf = async (account: Account, instanceId: string): Promise<string | undefined> =>
  (await tableOf(account).item(instanceId))?.status?.S;

const becomes = async (account: Account, instanceId: string, status: string): Promise<void> =>
  vi.waitFor(async () => expect(await statusOf(account, instanceId)).toBe(status), {
    timeout: 60_000,
    interval: 250,
  });

const cordon = (account: Account, ...args: readonly string[]) =>
  command.start(account.emulator, [...args, '--region', account.emulator.region], { USER: 'sam' })
    .ended;

const groupsOf = async ({ clients }: Account, instanceId: string): Promise<readonly string[]> => {
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
  );
  const interfaces = Reservations[0]?.Instances?.[0]?.NetworkInterfaces ?? [];
  return interfaces.flatMap(({ Groups = [] }) => Groups.map(({ GroupName = '' }) => GroupName));
};

const tagsOf = async (
  { clients }: Account,
  instanceId: string,
): Promise<Record<string, string>> => {
  const { Reservations = [] } = await clients.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
  );
  const tags = Reservations[0]?.Instances?.[0]?.Tags ?? [];
  return Object.fromEntries(tags.map(({ Key = '', Value = '' }) => [Key, Value]));
};

const isProtected = async ({ clients }: Account, InstanceId: string): Promise<boolean> => {
  const { DisableApiTermination } = await clients.ec2.send(
    new DescribeInstanceAttributeCommand({ InstanceId, Attribute: 'disableApiTermination' }),
  );
  return DisableApiTermination?.Value === true;
};

const tagSuspect = async ({ clients, world }: Account): Promise<void> => {
  await clients.ec2.send(
    new CreateTagsCommand({
      Resources: [world.suspectId],
      Tags: [{ Key: 'cordon-exempt', Value: 'true' }],
    }),
  );
};

const isolated = /^cordon-isolation/;

describe('Where a person is to be asked', () => {
  it('the evidence is kept at once, the host stays open, and the message says how to answer', async () => {
    const account = await asking();
    const { suspectId } = account.world;
    expect(await takeIn(account, findingAbout(suspectId))).toMatchObject({
      executions: [],
      skipped: [{ instanceId: suspectId, reason: 'The mode for its severity is ask.' }],
    });
    await becomes(account, suspectId, 'asked');
    await vi.waitFor(() => expect(subjects(account)).toHaveLength(1));
    expect(await isProtected(account, suspectId)).toBe(true);
    expect((await groupsOf(account, suspectId)).some((name) => isolated.test(name))).toBe(false);
    const [message] = publishedMessages(account.emulator.traffic);
    expect(message?.subject).toMatch(/^\[Cordon\] ASKED, THE HOST IS OPEN NOW i-/);
    const caseId = (await tableOf(account).item(suspectId))?.caseId?.S ?? '';
    expect(message?.text).toContain(`cordon approve ${caseId} --region us-east-1`);
    expect(message?.text).toContain(`cordon refuse ${caseId} --region us-east-1 --reason why`);
    expect(message?.report).toMatchObject({
      status: 'asked',
      question: { otherwise: 'contain', until: expect.any(String) },
      steps: expect.arrayContaining([
        expect.objectContaining({ step: 'protect', outcome: 'done' }),
        expect.objectContaining({ step: 'snapshot', outcome: 'done' }),
      ]),
    });
    expect(await tagsOf(account, suspectId)).toMatchObject({
      'cordon:case': caseId,
      'cordon:status': 'asked',
      'cordon:before:protect': expect.stringContaining('term=0'),
      'cordon:seal': expect.any(String),
    });
    expect(await executionsOf(account)).toEqual([]);
  });

  it('the same finding, and another of its severity, ask nobody again', async () => {
    const account = await asking();
    const { suspectId } = account.world;
    await takeIn(account, findingAbout(suspectId));
    await becomes(account, suspectId, 'asked');
    for (const id of ['a4c1f0e2b3d4958677a8b9c0d1e2f304', 'another']) {
      expect(await takeIn(account, findingAbout(suspectId, { id }))).toMatchObject({
        executions: [],
        skipped: [{ reason: expect.stringContaining('is asked about its case') }],
      });
    }
    expect(await executionsOf(account, askMachineOf(account))).toHaveLength(1);
    expect(subjects(account)).toHaveLength(1);
  });

  it('ten findings at once ask one question', async () => {
    const account = await asking();
    const { suspectId } = account.world;
    await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        takeIn(account, findingAbout(suspectId, { id: `finding-${at}` })),
      ),
    );
    await becomes(account, suspectId, 'asked');
    // Where the table answers too late, as on a busy machine, the rounded name is the lock of the others.
    const late = account.log.some((line) => line.includes('the case table did not answer'));
    const questions = await executionsOf(account, askMachineOf(account));
    expect(questions.length).toBeLessThanOrEqual(late ? 2 : 1);
    expect(questions.length).toBeGreaterThan(0);
  });
});

describe('The answer', () => {
  it('approve contains, and what was before the question is what a release gives back', async () => {
    const account = await asking();
    const { suspectId } = account.world;
    const before = await groupsOf(account, suspectId);
    await takeIn(account, findingAbout(suspectId));
    await becomes(account, suspectId, 'asked');
    const caseId = (await tableOf(account).item(suspectId))?.caseId?.S ?? '';
    const approved = await cordon(account, 'approve', caseId, '--reason', 'it mines');
    expect(approved).toMatchObject({
      code: 0,
      stdout: `CONTAINED ${suspectId}. Look: cordon verify ${suspectId} --region us-east-1\n`,
    });
    const run = await followExecution(
      account.clients,
      await awaitExecution(account.clients, account.stage.stateMachineArn),
    );
    const report = run.output as CaseReport;
    expect(report).toMatchObject({ status: 'contained', caseId });
    expect(report.steps).toContainEqual(
      expect.objectContaining({
        step: 'ask',
        detail: { answer: 'approved', by: 'sam', reason: 'it mines' },
      }),
    );
    // One set of snapshots, of the time of the question.
    expect(report.steps).toContainEqual(
      expect.objectContaining({ step: 'snapshot', outcome: 'already' }),
    );
    expect((await tagsOf(account, suspectId))['cordon:step:ask']).toContain('answer=approved');
    const released = await account.stage.invoke('ReleaseFunction', {
      execution: 'by-hand',
      input: { instanceId: suspectId, asg: 'attach', reason: 'a false alarm' },
    });
    expect(released).toMatchObject({ payload: { status: 'released' } });
    expect(await isProtected(account, suspectId)).toBe(false);
    expect(await groupsOf(account, suspectId)).toEqual(before);
  });

  it('refuse leaves it open for an hour, for nothing more severe, and says who', async () => {
    const account = await asking({ ModeBySeverity: 'critical=contain' });
    const { suspectId } = account.world;
    await takeIn(account, findingAbout(suspectId));
    await becomes(account, suspectId, 'asked');
    const refused = await cordon(account, 'refuse', suspectId, '--reason', 'a load test');
    expect(refused).toMatchObject({ code: 0, stdout: expect.stringMatching(/^REFUSED i-/) });
    await becomes(account, suspectId, 'refused');
    await vi.waitFor(() => expect(subjects(account)).toHaveLength(2));
    const [, told] = publishedMessages(account.emulator.traffic);
    expect(told?.subject).toMatch(/^\[Cordon\] REFUSED, THE HOST IS OPEN NOW/);
    expect(told?.report).toMatchObject({
      status: 'refused',
      reason: 'The containment was refused by "sam": "a load test".',
    });
    await vi.waitFor(async () =>
      expect(await tagsOf(account, suspectId)).toMatchObject({ 'cordon:status': 'refused' }),
    );
    expect((await tagsOf(account, suspectId))['cordon:step:ask']).toContain('by=sam');
    expect(await takeIn(account, findingAbout(suspectId, { id: 'another' }))).toMatchObject({
      executions: [],
      skipped: [{ reason: expect.stringContaining('refused by "sam"') }],
    });
    expect(subjects(account)).toHaveLength(2);
    expect(await cordon(account, 'approve', suspectId)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('nobody is asked about it'),
    });
    const worse = await takeIn(account, findingAbout(suspectId, { id: 'worse', severity: 9.5 }));
    expect(worse.executions).toMatchObject([{ outcome: 'started' }]);
    const run = await followExecution(account.clients, worse.executions[0]?.executionArn ?? '');
    expect(run.output).toMatchObject({ status: 'contained' });
  });

  it.each([
    ['contain', 'contained'],
    ['leave-open', 'asked'],
  ] as const)(
    'that does not come, with AskDefault=%s, is asked for again and ends %s',
    async (otherwise, status) => {
      const account = await asking({ AskDefault: otherwise });
      const { suspectId } = account.world;
      await takeIn(account, findingAbout(suspectId));
      await becomes(account, suspectId, 'asked');
      const first = await followInput(account);
      await account.clients.stepFunctions.send(
        new StartExecutionCommand({
          stateMachineArn: askMachineOf(account),
          name: 'shorter',
          input: JSON.stringify({ ...first, question: { ...first.question, halfSeconds: 2 } }),
        }),
      );
      const shorter = await followExecution(account.clients, executionArnIn(account, 'shorter'));
      expect(shorter.status).toBe('SUCCEEDED');
      await becomes(account, suspectId, status);
      expect(subjects(account).filter((one) => one.includes('ASKED')).length).toBeGreaterThan(2);
      const names = await executionsOf(account);
      expect(names).toHaveLength(otherwise === 'contain' ? 1 : 0);
      if (otherwise === 'leave-open') {
        expect(publishedMessages(account.emulator.traffic).at(-1)?.report).toMatchObject({
          reason: expect.stringContaining('Nobody answered'),
        });
      }
    },
  );
});

interface AskInput {
  readonly question: object;
}

const executionArnIn = (account: Account, name: string): string =>
  `${askMachineOf(account).replace(':stateMachine:', ':execution:')}:${name}`;

/** What the question that waits was started with. */
const followInput = async (account: Account): Promise<AskInput> => {
  const [name = ''] = await executionsOf(account, askMachineOf(account));
  const { input = '' } = await account.clients.stepFunctions.send(
    new DescribeExecutionCommand({ executionArn: executionArnIn(account, name) }),
  );
  return JSON.parse(input);
};

describe('A question', () => {
  it('is overridden by a finding that contains, and ends without an answer', async () => {
    const account = await asking({ ModeBySeverity: 'critical=contain' });
    const { suspectId } = account.world;
    await takeIn(account, findingAbout(suspectId));
    await becomes(account, suspectId, 'asked');
    const [name = ''] = await executionsOf(account, askMachineOf(account));
    const worse = await takeIn(account, findingAbout(suspectId, { severity: 9.5 }));
    expect(worse.executions).toHaveLength(1);
    const question = await followExecution(account.clients, executionArnIn(account, name));
    expect(question.status).toBe('SUCCEEDED');
    const run = await followExecution(account.clients, worse.executions[0]?.executionArn ?? '');
    expect(run.output).toMatchObject({ status: 'contained' });
    expect(await executionsOf(account)).toHaveLength(1);
  });

  it('comes of a tag that only the instance shows, and is asked once', async () => {
    const account = await accounts.open({ parameters: { ExemptTag: 'cordon-exempt=true' } });
    const { suspectId } = account.world;
    await tagSuspect(account);
    const { executions } = await takeIn(account, findingAbout(suspectId));
    const run = await followExecution(account.clients, executions[0]?.executionArn ?? '');
    expect(run.output).toMatchObject({ status: 'asked' });
    await becomes(account, suspectId, 'asked');
    await vi.waitFor(() => expect(subjects(account)).toHaveLength(1));
    const { caseId } = run.output as CaseReport;
    const approved = await cordon(account, 'approve', caseId);
    expect(approved).toMatchObject({ code: 0, stdout: expect.stringMatching(/^CONTAINED/) });
    expect(await executionsOf(account)).toEqual([caseId, `${caseId}-r2`]);
    expect(await executionsOf(account, askMachineOf(account))).toHaveLength(1);
  });

  it('is asked though the table is gone, and the host is contained when its time is over', async () => {
    const account = await asking({ AskTimeoutMinutes: '1' });
    const { suspectId } = account.world;
    account.emulator.traffic.inject({
      service: 'dynamodb',
      action: '*',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    await takeIn(account, findingAbout(suspectId));
    await vi.waitFor(() => expect(subjects(account)).toHaveLength(1), 20_000);
    const [message] = publishedMessages(account.emulator.traffic);
    expect(message?.text).not.toContain('cordon approve');
    expect(message?.text).toContain(`cordon contain ${suspectId}`);
    const first = await followInput(account);
    await account.clients.stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: askMachineOf(account),
        name: 'shorter',
        input: JSON.stringify({ ...first, question: { ...first.question, halfSeconds: 1 } }),
      }),
    );
    await followExecution(account.clients, executionArnIn(account, 'shorter'));
    const run = await followExecution(
      account.clients,
      await awaitExecution(account.clients, account.stage.stateMachineArn),
    );
    expect(run.output).toMatchObject({ status: 'contained' });
  });
});

describe('A question that cannot be asked', () => {
  it('does not leave the host open: it is contained at once, and the report says so', async () => {
    const account = await accounts.open({ parameters: { ExemptTag: 'cordon-exempt=true' } });
    await tagSuspect(account);
    const { executions } = await takeIn(account, findingAbout(account.world.suspectId));
    account.emulator.traffic.inject({
      service: 'states',
      action: 'StartExecution',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const run = await followExecution(account.clients, executions[0]?.executionArn ?? '');
    expect(run.output).toMatchObject({ status: 'contained' });
  });

  it('is contained at once where intake may not ask', async () => {
    const account = await asking();
    account.emulator.traffic.inject({
      service: 'states',
      action: 'StartExecution',
      kind: 'denied',
      times: 1,
    });
    const { executions } = await takeIn(account, findingAbout(account.world.suspectId));
    expect(executions).toMatchObject([{ outcome: 'started' }]);
    const run = await followExecution(account.clients, executions[0]?.executionArn ?? '');
    expect(run.output).toMatchObject({ status: 'contained' });
  });
});

describe('An instance that stays open for another reason', () => {
  const capped = { BrakeCasesPerHour: '1' };

  it('has its evidence kept where the brake holds it back, and gives everything back after its cut', async () => {
    const account = await accounts.open({ parameters: capped });
    const { suspectId } = account.world;
    await takeIn(account, findingAbout('i-00000000000000001'));
    const held = await takeIn(account, findingAbout(suspectId));
    expect(held.skipped).toMatchObject([{ reason: expect.stringContaining('The brake holds') }]);
    const item = await tableOf(account).item(suspectId);
    expect(item?.status).toEqual({ S: 'held' });
    const kept = await followExecution(
      account.clients,
      executionArnIn(account, item?.caseId?.S ?? ''),
    );
    expect(kept.status).toBe('SUCCEEDED');
    expect(await isProtected(account, suspectId)).toBe(true);
    expect(await tagsOf(account, suspectId)).toMatchObject({
      'cordon:status': 'asked',
      'cordon:seal': expect.any(String),
    });
    const worse = await takeIn(account, findingAbout(suspectId, { severity: 9.5 }));
    const run = await followExecution(account.clients, worse.executions[0]?.executionArn ?? '');
    expect(run.output).toMatchObject({ status: 'contained', caseId: item?.caseId?.S });
    await account.stage.invoke('ReleaseFunction', {
      execution: 'by-hand',
      input: { instanceId: suspectId, asg: 'attach', reason: 'a false alarm' },
    });
    expect(await isProtected(account, suspectId)).toBe(false);
  });

  it('has its evidence kept once while everything automatic is stopped, and is contained after that', async () => {
    const account = await accounts.open();
    const { suspectId } = account.world;
    const region = account.emulator.region;
    const stop = command.start(
      account.emulator,
      ['stop', '--reason', 'false alarms', '--region', region],
      { USER: 'sam' },
    );
    expect((await stop.ended).code).toBe(0);
    for (const id of ['one', 'two']) {
      expect(await takeIn(account, findingAbout(suspectId, { id }))).toMatchObject({
        executions: [],
        skipped: [{ reason: expect.stringMatching(/^STOPPED: would have contained/) }],
      });
    }
    expect(await statusOf(account, suspectId)).toBe('stopped');
    const names = await executionsOf(account, askMachineOf(account));
    expect(names).toHaveLength(1);
    await followExecution(account.clients, executionArnIn(account, names[0] ?? ''));
    expect(await isProtected(account, suspectId)).toBe(true);
    expect(await tagsOf(account, suspectId)).toMatchObject({ 'cordon:status': 'skipped' });
    expect((await groupsOf(account, suspectId)).some((name) => isolated.test(name))).toBe(false);
    expect((await cordon(account, 'start')).code).toBe(0);
    const { executions } = await takeIn(account, findingAbout(suspectId));
    const run = await followExecution(account.clients, executions[0]?.executionArn ?? '');
    expect(run.output).toMatchObject({ status: 'contained', caseId: names[0] });
    expect((run.output as CaseReport).steps).toContainEqual(
      expect.objectContaining({ step: 'snapshot', outcome: 'already' }),
    );
  });
});

describe('A person with the command', () => {
  it('contains an instance that is asked about, under the same case, and the question ends', async () => {
    const account = await asking();
    const { suspectId } = account.world;
    await takeIn(account, findingAbout(suspectId));
    await becomes(account, suspectId, 'asked');
    const caseId = (await tableOf(account).item(suspectId))?.caseId?.S ?? '';
    const byHand = await cordon(account, 'contain', suspectId, '--json');
    expect(byHand.code).toBe(0);
    expect(JSON.parse(byHand.stdout)).toMatchObject({ cases: [{ caseId, status: 'contained' }] });
    expect(await statusOf(account, suspectId)).toBe('contained');
    const question = await followExecution(account.clients, executionArnIn(account, caseId));
    expect(question.status).toBe('SUCCEEDED');
    expect(await executionsOf(account)).toEqual([]);
    const released = await cordon(account, 'release', suspectId, '--yes', '--reason', 'a test');
    expect(released.code).toBe(0);
    expect(await isProtected(account, suspectId)).toBe(false);
  });

  it('opens the case that later findings join', async () => {
    const account = await accounts.open();
    const { suspectId } = account.world;
    const byHand = await cordon(account, 'contain', suspectId, '--json');
    const [report] = (JSON.parse(byHand.stdout) as { cases: CaseReport[] }).cases;
    const { executions } = await takeIn(account, findingAbout(suspectId));
    expect(executions).toMatchObject([{ caseId: report?.caseId, outcome: 'started' }]);
    const run = await followExecution(account.clients, executions[0]?.executionArn ?? '');
    expect(run.output).toMatchObject({ status: 'contained', caseId: report?.caseId });
  });
});
