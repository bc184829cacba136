import { PutItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import {
  DescribeExecutionCommand,
  ListExecutionsCommand,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Case } from '../../src/case/case.ts';
import { byHand } from '../../src/case/case.ts';
import { goOn } from '../../src/intake/go-on.ts';
import { takeUp } from '../../src/intake/take-up.ts';
import type { TakenUp } from '../../src/intake/taking-up.ts';
import { caseTable } from '../../src/record/case-table/case-table.ts';
import { accountId, instanceId, region } from '../case/sample-before.ts';
import { triggerWith } from '../case/sample-report.ts';
import { fakeTable } from '../record/case-table/fake-table.ts';
import { awsError } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';

const machine = `arn:aws:states:${region}:${accountId}:stateMachine:Cordon`;

const caseOf = (id: string, changes: Partial<Case> = {}): Case => ({
  caseId: `20260301T0300Z-${id}`,
  instanceId: id,
  accountId,
  region,
  trigger: triggerWith(),
  dryRun: false,
  ...changes,
});

/** Step Functions as far as intake knows it: names are unique, and a run ends when a test says so. */
const scene = (pause: () => Promise<void> = async () => {}) => {
  const aws = fakeAws();
  const items = fakeTable(aws, pause);
  const executions = new Map<string, { input: string; running: boolean }>();
  const refusals: true[] = [];
  aws.stepFunctions.on(StartExecutionCommand).callsFake(async ({ name = '', input = '' }) => {
    await pause();
    if (refusals.splice(0, 1).length > 0) throw awsError('ThrottlingException');
    const known = executions.get(name);
    if (known !== undefined && (!known.running || known.input !== input)) {
      throw awsError('ExecutionAlreadyExists');
    }
    executions.set(name, { input, running: true });
    return { executionArn: `${machine}:${name}`, startDate: aws.clock.now() };
  });
  aws.stepFunctions.on(DescribeExecutionCommand).callsFake(async ({ executionArn = '' }) => {
    await pause();
    const known = executions.get(executionArn.split(':').at(-1) ?? '');
    if (known === undefined) throw awsError('ExecutionDoesNotExist');
    return { status: known.running ? 'RUNNING' : 'SUCCEEDED', input: known.input };
  });
  const table = caseTable(aws.deps.clients.dynamoDb, 'cases');
  const take = (theCase: Case): Promise<TakenUp> =>
    takeUp(aws.deps, { stateMachineArn: machine, caseTable: table }, theCase);
  const end = (name: string): void => {
    const known = executions.get(name);
    if (known !== undefined) executions.set(name, { ...known, running: false });
  };
  return { aws, items, executions, table, take, end, refusals };
};

const idOf = (taken: TakenUp): string =>
  taken.kind === 'execution' ? taken.execution.caseId : `held: ${taken.reason}`;

describe('a finding about an instance whose case is open', () => {
  it('joins the run that is on its way to the cut', async () => {
    const { take, executions } = scene();
    const first = await take(caseOf(instanceId));
    const second = await take(caseOf(instanceId, { trigger: triggerWith({ id: 'another' }) }));
    expect(second).toMatchObject({ execution: { caseId: idOf(first), outcome: 'joined' } });
    expect([...executions.keys()]).toEqual([idOf(first)]);
  });

  it.each(['contained', 'partial', 'failed', 'running'])(
    'begins a further run where the last one has ended: %s',
    async (status) => {
      const { take, executions, table, end } = scene();
      const caseId = idOf(await take(caseOf(instanceId)));
      end(caseId);
      await table.settle(instanceId, caseId, status);
      expect(await take(caseOf(instanceId))).toMatchObject({
        execution: { caseId, outcome: 'started' },
      });
      expect([...executions.keys()]).toEqual([caseId, `${caseId}-r2`]);
    },
  );

  it('begins a further run while snapshots are followed: the case is contained, not running', async () => {
    const { take, executions, table } = scene();
    const caseId = idOf(await take(caseOf(instanceId)));
    await table.settle(instanceId, caseId, 'contained');
    await take(caseOf(instanceId));
    expect([...executions.keys()]).toEqual([caseId, `${caseId}-r2`]);
  });

  it('does not join a run under another profile: the stricter one would be lost', async () => {
    const { take, executions } = scene();
    const caseId = idOf(await take(caseOf(instanceId, { isolationProfile: 'egress-lockdown' })));
    await take(caseOf(instanceId));
    expect([...executions.keys()]).toEqual([caseId, `${caseId}-r2`]);
  });

  it('joins no run that is less severe: there tags would count that count for nothing here', async () => {
    const { take, executions } = scene();
    const caseId = idOf(await take(caseOf(instanceId, { trigger: triggerWith({ severity: 8 }) })));
    const trigger = triggerWith({ severity: 9.5, id: 'worse' });
    expect(await take(caseOf(instanceId, { trigger }))).toMatchObject({
      execution: { caseId, outcome: 'started' },
    });
    expect(JSON.parse(executions.get(`${caseId}-r2`)?.input ?? '')).toMatchObject({ trigger });
    // The lesser one joins the worse.
    expect(await take(caseOf(instanceId))).toMatchObject({ execution: { outcome: 'joined' } });
  });

  it('starts what a dead intake noted under the input that asks for more', async () => {
    const { aws, take, executions, table } = scene();
    const opened = caseOf(instanceId, { caseId: `20260301T030000Z-${instanceId}` });
    await table.open(opened, aws.clock.now());
    const trigger = triggerWith({ severity: 9.9, id: 'worse' });
    await take(caseOf(instanceId, { trigger }));
    expect(JSON.parse(executions.get(opened.caseId)?.input ?? '')).toMatchObject({
      caseId: opened.caseId,
      trigger,
    });
  });

  it('notes what each run was begun with, so that findings of another profile begin one run', async () => {
    const { take, executions, end, items, refusals } = scene();
    const caseId = idOf(await take(caseOf(instanceId, { isolationProfile: 'egress-lockdown' })));
    end(caseId);
    refusals.push(true);
    await expect(take(caseOf(instanceId))).rejects.toThrow();
    expect(JSON.parse(items.get(`case#${instanceId}`)?.input?.S ?? '')).not.toHaveProperty(
      'isolationProfile',
    );
    for (let time = 0; time < 3; time += 1) await take(caseOf(instanceId));
    expect([...executions.keys()]).toEqual([caseId, `${caseId}-r2`]);
    expect(JSON.parse(executions.get(`${caseId}-r2`)?.input ?? '')).not.toHaveProperty(
      'isolationProfile',
    );
  });

  it('isolates nobody again who was released while the finding was looked into', async () => {
    const { aws, take, table, end, items } = scene();
    const caseId = idOf(await take(caseOf(instanceId)));
    end(caseId);
    await table.settle(instanceId, caseId, 'contained');
    await aws.clock.sleep(60_000);
    aws.stepFunctions.on(DescribeExecutionCommand).callsFake(async () => {
      await table.settle(instanceId, caseId, 'released');
      return { status: 'SUCCEEDED', input: '{}' };
    });
    // The finding opens a case of its own, which is what a finding after a release does.
    expect(idOf(await take(caseOf(instanceId)))).not.toBe(caseId);
    expect(items.get(`case#${instanceId}`)?.runs).toEqual({ N: '1' });
  });

  it.each(['released', 'closed'])('opens a new case where that one is %s', async (status) => {
    const { aws, take, table, end } = scene();
    const caseId = idOf(await take(caseOf(instanceId)));
    end(caseId);
    await table.settle(instanceId, caseId, status);
    await aws.clock.sleep(60_000);
    const anew = await take(caseOf(instanceId));
    expect(anew).toMatchObject({ execution: { outcome: 'started' } });
    expect(idOf(anew)).not.toBe(caseId);
  });

  it('leaves the end of a case alone, whoever writes late how the case stood', async () => {
    const { take, table, items } = scene();
    const caseId = idOf(await take(caseOf(instanceId)));
    await table.settle(instanceId, caseId, 'released');
    await table.settle(instanceId, caseId, 'contained');
    await table.settle(instanceId, 'another', 'contained');
    expect(items.get(`case#${instanceId}`)?.status).toEqual({ S: 'released' });
  });
});

describe('the brake', () => {
  const ids = Array.from({ length: 8 }, (_, at) => `i-${String(at).padStart(17, '0')}`);

  it('lets five through in an hour, and the next hour five more; those that wait come first', async () => {
    const { aws, take } = scene();
    const kinds = async () =>
      (await Promise.all(ids.map((id) => take(caseOf(id))))).map((one) => one.kind);
    expect((await kinds()).filter((kind) => kind === 'held')).toHaveLength(3);
    // Joins and further runs of what is cut already draw on no budget.
    await aws.clock.sleep(3_600_000);
    expect((await kinds()).filter((kind) => kind === 'held')).toEqual([]);
  });

  const goesOn = ({ aws, table }: ReturnType<typeof scene>) =>
    goOn(aws.deps, {
      stateMachineArn: machine,
      deadLetterQueueUrl: '',
      stopParameter: '',
      ownRoles: [],
      caseTable: table,
    });

  it('lets those that wait go on in the next hour, the most severe and the oldest first', async () => {
    const made = scene();
    const { aws, take, items } = made;
    for (const id of ids.slice(0, 5)) await take(caseOf(id));
    const waiting = [7, 8.5, 7, 8, 7, 7, 7] as const;
    const names = waiting.map((_, at) => `i-1234567${at}`);
    for (const [at, severity] of waiting.entries()) {
      await aws.clock.sleep(1_000);
      expect(
        (await take(caseOf(names[at] ?? '', { trigger: triggerWith({ severity }) }))).kind,
      ).toBe('held');
    }
    expect((await goesOn(made)).executions).toEqual([]);
    await aws.clock.sleep(3_600_000);
    const { executions } = await goesOn(made);
    expect(executions.map((one) => one.instanceId)).toEqual([1, 3, 0, 2, 4].map((at) => names[at]));
    expect(items.get(`case#${names[5]}`)?.status).toEqual({ S: 'held' });
    await aws.clock.sleep(3_600_000);
    expect((await goesOn(made)).executions.map((one) => one.instanceId)).toEqual([
      names[5],
      names[6],
    ]);
    expect((await goesOn(made)).executions).toEqual([]);
  });

  it('counts an instance once, though ten findings about it come at once', async () => {
    const { take, executions } = scene();
    const taken = await Promise.all(Array.from({ length: 10 }, () => take(caseOf(instanceId))));
    expect(new Set(taken.map(idOf)).size).toBe(1);
    expect(executions.size).toBe(1);
    for (const id of ids.slice(0, 4)) expect((await take(caseOf(id))).kind).toBe('execution');
    expect((await take(caseOf(ids[4] ?? ''))).kind).toBe('held');
  });

  it('holds back a case for every finding that comes at once', async () => {
    const { take, executions } = scene();
    for (const id of ids.slice(0, 5)) await take(caseOf(id));
    const taken = await Promise.all(Array.from({ length: 4 }, () => take(caseOf(instanceId))));
    expect(taken.map(({ kind }) => kind)).toEqual(['held', 'held', 'held', 'held']);
    expect(executions.size).toBe(5);
  });

  const holdOne = async (made: ReturnType<typeof scene>): Promise<string> => {
    for (const id of ids.slice(0, 5)) await made.take(caseOf(id));
    const held = ids[6] ?? '';
    expect((await made.take(caseOf(held))).kind).toBe('held');
    return held;
  };

  it('keeps what it holds where the run cannot be started, and says so to Lambda', async () => {
    const made = scene();
    const held = await holdOne(made);
    await made.aws.clock.sleep(3_600_000);
    made.refusals.push(true);
    await expect(goesOn(made)).rejects.toThrow();
    expect((await goesOn(made)).executions.map((one) => one.instanceId)).toEqual([held]);
  });

  it('holds nothing that it cannot note: it is cut', async () => {
    const made = scene();
    for (const id of ids.slice(0, 5)) await made.take(caseOf(id));
    const update = made.aws.dynamoDb.on(UpdateItemCommand);
    update.callsFake(async ({ UpdateExpression = '' }) => {
      if (UpdateExpression.includes('cuts')) throw awsError('ConditionalCheckFailedException');
      throw awsError('AccessDeniedException');
    });
    expect((await made.take(caseOf(ids[6] ?? ''))).kind).toBe('execution');
  });

  it('keeps the place of a held one, whatever lesser findings follow', async () => {
    const made = scene();
    for (const id of ids.slice(0, 5)) await made.take(caseOf(id));
    const held = ids[6] ?? '';
    const severities: number[] = [];
    for (const severity of [7.5, 8.9, 7]) {
      await made.take(caseOf(held, { trigger: triggerWith({ severity }) }));
      const { trigger } = JSON.parse(made.items.get(`case#${held}`)?.input?.S ?? '') as Case;
      severities.push(trigger.severity ?? 0);
    }
    expect(severities).toEqual([7.5, 8.9, 8.9]);
  });

  it('cuts a held one by a worse finding at once, as that finding asks', async () => {
    const made = scene();
    const held = await holdOne(made);
    const trigger = triggerWith({ severity: 9.5, remoteAddresses: ['198.51.100.7'] });
    const taken = await made.take(caseOf(held, { trigger }));
    expect(JSON.parse(made.executions.get(idOf(taken))?.input ?? '')).toMatchObject({ trigger });
  });

  it('goes on with nothing that people have settled or the settings would not cut now', async () => {
    const made = scene();
    const held = await holdOne(made);
    await made.aws.clock.sleep(3_600_000);
    Object.assign(made.aws.deps.settings, { mode: 'observe' });
    expect((await goesOn(made)).executions).toEqual([]);
    Object.assign(made.aws.deps.settings, { mode: 'contain' });
    // Contained and released by hand, under an id that the table does not know.
    await made.table.settle(held, `20260301T030000Z-${held}`, 'released');
    expect((await goesOn(made)).executions).toEqual([]);
  });

  it('holds back no critical finding, no other source and no person', async () => {
    const { take } = scene();
    for (const id of ids.slice(0, 5)) await take(caseOf(id));
    const kinds = await Promise.all(
      [
        triggerWith(),
        triggerWith({ severity: 9 }),
        triggerWith({ source: 'security-hub' }),
        triggerWith({ source: 'manual', id: byHand, severity: null }),
      ].map(
        async (trigger, at) =>
          (await take(caseOf(ids[at + 4] ?? '', { trigger, instanceId: `i-1234567${at}` }))).kind,
      ),
    );
    expect(kinds).toEqual(['held', 'execution', 'execution', 'execution']);
  });

  it('counts the executions of the last hour where the table does not answer, and else cuts', async () => {
    const { aws } = scene();
    aws.dynamoDb.reset();
    aws.dynamoDb.onAnyCommand().rejects(awsError('ProvisionedThroughputExceededException'));
    const startDate = aws.clock.now();
    const began = (count: number) =>
      aws.stepFunctions.on(ListExecutionsCommand).resolves({
        executions: Array.from({ length: count }, (_, at) => ({
          name: `case-${at}`,
          startDate,
          executionArn: '',
          stateMachineArn: machine,
          status: 'SUCCEEDED' as const,
        })),
      });
    const table = caseTable(aws.deps.clients.dynamoDb, 'cases');
    const take = (trigger = triggerWith()) =>
      takeUp(
        aws.deps,
        { stateMachineArn: machine, caseTable: table },
        caseOf(instanceId, { trigger }),
      );
    began(4);
    expect((await take()).kind).toBe('execution');
    began(5);
    expect(await take()).toMatchObject({
      kind: 'held',
      reason: expect.stringContaining('did not answer'),
    });
    expect((await take(triggerWith({ severity: 9 }))).kind).toBe('execution');
    aws.stepFunctions.on(ListExecutionsCommand).rejects(awsError('AccessDeniedException'));
    expect((await take()).kind).toBe('execution');
  });
});

describe('a table that does not answer', () => {
  const calls = ['PutItem', 'UpdateItem'] as const;

  it.each(calls)('delays no containment, and none is lost: %s', async (call) => {
    for (const fails of ['hangs', 'is denied'] as const) {
      const { aws, take, executions, table, end } = scene();
      const caseId = idOf(await take(caseOf(instanceId)));
      end(caseId);
      await table.settle(instanceId, caseId, 'contained');
      const answer = () =>
        fails === 'hangs'
          ? new Promise<never>(() => {})
          : Promise.reject(awsError('AccessDeniedException'));
      if (call === 'PutItem') aws.dynamoDb.on(PutItemCommand).callsFake(answer);
      else aws.dynamoDb.on(UpdateItemCommand).callsFake(answer);
      aws.stepFunctions.on(ListExecutionsCommand).resolves({ executions: [] });
      const other = `${instanceId.slice(0, -1)}f`;
      for (const id of [instanceId, other]) {
        const began = aws.clock.now().getTime();
        expect((await take(caseOf(id))).kind, `${call} ${fails}`).toBe('execution');
        expect(aws.clock.now().getTime() - began).toBeLessThan(5_000);
      }
      const running = [...executions].filter(([, one]) => one.running).map(([name]) => name);
      expect(running.some((name) => name.includes(instanceId))).toBe(true);
      expect(running.some((name) => name.includes(other))).toBe(true);
    }
  });
});

type Step = 'intake' | 'dead intake' | 'ends' | 'contained' | 'released';

const critical = caseOf(instanceId, { trigger: triggerWith({ severity: 9 }) });

describe('no interleaving of intakes, ends, releases and crashes', () => {
  it('opens two cases, or loses one', async () => {
    const step: fc.Arbitrary<Step> = fc.constantFrom(
      'intake',
      'intake',
      'intake',
      'dead intake',
      'ends',
      'contained',
      'released',
    );
    const steps = fc.array(step, { minLength: 2, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), steps, async (scheduler, chosen) => {
        let interleaved = true;
        const pause = async (): Promise<void> => {
          if (interleaved) await scheduler.schedule(Promise.resolve());
        };
        const { aws, items, executions, table, take, end } = scene(pause);
        const opened = new Set<string>();
        const perform = async (one: Step): Promise<void> => {
          const caseId = items.get(`case#${instanceId}`)?.caseId?.S ?? '';
          if (one === 'intake') opened.add(idOf(await take(critical)));
          // Killed between the write and StartExecution.
          if (one === 'dead intake') {
            await table.open({ ...critical, caseId: `dead-${instanceId}` }, aws.clock.now());
          }
          if (one === 'ends') for (const name of executions.keys()) end(name);
          if (one === 'contained') await table.settle(instanceId, caseId, one);
          // Nobody gives back what no run has taken.
          if (one === 'released' && executions.has(caseId)) {
            await aws.clock.sleep(60_000);
            await table.settle(instanceId, caseId, one);
          }
        };
        await scheduler.waitFor(Promise.all(chosen.map(perform)));
        interleaved = false;
        // Whatever happened: the next finding finds the one case, and every run of it was started.
        const taken = await take(critical);
        const item = items.get(`case#${instanceId}`);
        expect(idOf(taken)).toBe(item?.caseId?.S);
        const runs = [...executions.keys()].filter((name) =>
          name.startsWith(item?.caseId?.S ?? '?'),
        );
        expect(runs).toHaveLength(Number(item?.runs?.N));
        for (const caseId of opened) expect(executions.has(caseId), caseId).toBe(true);
      }),
      { numRuns: Number(process.env.GENERATED ?? 300) },
    );
  });
});
