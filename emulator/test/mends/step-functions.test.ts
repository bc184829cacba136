import { StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, test } from 'vitest';
import { createMachine, ended, runDefinition } from '../execution.ts';
import { useEmulator } from '../fixture.ts';

const aws = useEmulator();

const pass = (parameters: object) => ({
  StartAt: 'Only',
  States: { Only: { Type: 'Pass', Parameters: parameters, End: true } },
});

const task = (functionName: string, more: object = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Parameters: { FunctionName: functionName, 'Payload.$': '$' },
  ...more,
});

const ISO_MILLISECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

test('a machine takes several executions at once', async () => {
  aws.emulator.onInvoke(async (name, event) => ({ payload: { name, event } }));
  const stateMachineArn = await createMachine(aws.sfn, {
    StartAt: 'Call',
    States: { Call: task('greet', { End: true, OutputPath: '$.Payload' }) },
  });
  const started = await Promise.all(
    Array.from({ length: 6 }, (_, n) =>
      aws.sfn.send(
        new StartExecutionCommand({ stateMachineArn, name: `n${n}`, input: `{"n":${n}}` }),
      ),
    ),
  );
  const outputs = await Promise.all(
    started.map(({ executionArn }) => ended(aws.sfn, executionArn ?? '')),
  );
  expect(outputs.map(({ output }) => JSON.parse(output ?? ''))).toEqual(
    Array.from({ length: 6 }, (_, n) => ({ name: 'greet', event: { n } })),
  );
});

test('the times of the context object are ISO strings and may be in the output', async () => {
  const { output } = await runDefinition(
    aws.sfn,
    pass({ 'started.$': '$$.Execution.StartTime', 'entered.$': '$$.State.EnteredTime' }),
  );
  expect(JSON.parse(output ?? '')).toEqual({
    started: expect.stringMatching(ISO_MILLISECONDS),
    entered: expect.stringMatching(ISO_MILLISECONDS),
  });
});

test('an execution can be stopped at any time, also right after its start', async () => {
  const stateMachineArn = await createMachine(aws.sfn, {
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', Seconds: 600, End: true } },
  });
  const { executionArn } = await aws.sfn.send(new StartExecutionCommand({ stateMachineArn }));
  await aws.sfn.send(new StopExecutionCommand({ executionArn }));
  expect(await ended(aws.sfn, executionArn ?? '')).toMatchObject({ status: 'ABORTED' });
});

describe('names of executions', () => {
  test('are made up when none is given', async () => {
    const stateMachineArn = await createMachine(aws.sfn, pass({}));
    const names = await Promise.all(
      [1, 2].map(async () => {
        const { executionArn } = await aws.sfn.send(new StartExecutionCommand({ stateMachineArn }));
        return executionArn?.split(':').at(-1);
      }),
    );
    expect(new Set(names).size).toBe(2);
    expect(names[0]).toMatch(/^[0-9a-f-]{36}$/);
  });

  test.each(['with space', 'a:b', 'a/b', '', 'x'.repeat(81), 'a\tb', '[a]'])(
    '%j is refused',
    async (name) => {
      const stateMachineArn = await createMachine(aws.sfn, pass({}));
      await expect(
        aws.sfn.send(new StartExecutionCommand({ stateMachineArn, name })),
      ).rejects.toMatchObject({ name: 'InvalidName' });
    },
  );

  test('of simultaneous starts with one name and different input only one succeeds', async () => {
    const stateMachineArn = await createMachine(aws.sfn, pass({}));
    const starts = await Promise.allSettled(
      Array.from({ length: 8 }, (_, n) =>
        aws.sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'one', input: `${n}` })),
      ),
    );
    const refused = starts.filter((start) => start.status === 'rejected');
    expect(refused).toHaveLength(7);
    expect(refused[0]?.reason).toMatchObject({ name: 'ExecutionAlreadyExists' });
  });
});

describe('the language', () => {
  test('Fail takes its error and cause from paths', async () => {
    const execution = await runDefinition(
      aws.sfn,
      {
        StartAt: 'Fail',
        States: { Fail: { Type: 'Fail', ErrorPath: '$.error', CausePath: '$.cause' } },
      },
      { error: 'NotContainedError', cause: 'because' },
    );
    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'NotContainedError',
      cause: 'because',
    });
  });

  test('Fail takes its cause from an intrinsic', async () => {
    const execution = await runDefinition(
      aws.sfn,
      {
        StartAt: 'Fail',
        States: {
          Fail: { Type: 'Fail', Error: 'E', CausePath: 'States.JsonToString($.details)' },
        },
      },
      { details: { caseId: 'c' } },
    );
    expect(JSON.parse(execution.cause ?? '')).toEqual({ caseId: 'c' });
  });

  test('the intrinsics that the runbook uses', async () => {
    const { output } = await runDefinition(
      aws.sfn,
      pass({
        'text.$': 'States.JsonToString($.object)',
        'array.$': 'States.Array($.number, $.object)',
        'sum.$': 'States.MathAdd($.number, 1)',
        'formatted.$': "States.Format('{}-{}', $.number, $.word)",
        'parsed.$': "States.StringToJson('[1]')",
        'merged.$': 'States.JsonMerge($.object, $.other, false)',
        'length.$': 'States.ArrayLength(States.Array(1, 2))',
        'uuid.$': 'States.UUID()',
      }),
      { object: { a: 1 }, other: { b: 2 }, number: 2, word: 'w' },
    );
    const result = JSON.parse(output ?? '');
    expect(JSON.parse(result.text)).toEqual({ a: 1 });
    expect(result).toMatchObject({
      array: [2, { a: 1 }],
      sum: 3,
      formatted: '2-w',
      parsed: [1],
      merged: { a: 1, b: 2 },
      length: 2,
    });
  });

  test('RetryCount counts, Choice tests IsPresent, Wait takes SecondsPath', async () => {
    const seen: unknown[] = [];
    aws.emulator.onInvoke(async (_, event) => {
      seen.push(event);
      return seen.length < 3
        ? { errorType: 'TransientError', errorMessage: 'again' }
        : { payload: { ok: true } };
    });
    const began = performance.now();
    const execution = await runDefinition(
      aws.sfn,
      {
        StartAt: 'Call',
        States: {
          Call: {
            ...task('flaky'),
            Parameters: {
              FunctionName: 'flaky',
              Payload: { 'attempt.$': '$$.State.RetryCount', 'name.$': '$$.State.Name' },
            },
            Retry: [
              {
                ErrorEquals: ['TransientError'],
                IntervalSeconds: 1,
                MaxAttempts: 3,
                BackoffRate: 1,
              },
            ],
            ResultPath: '$.result',
            Next: 'Choose',
          },
          Choose: {
            Type: 'Choice',
            Choices: [{ Variable: '$.hold', IsPresent: true, Next: 'Wait' }],
            Default: 'Done',
          },
          Wait: { Type: 'Wait', SecondsPath: '$.hold', Next: 'Done' },
          Done: { Type: 'Succeed' },
        },
      },
      { hold: 1 },
    );
    expect(execution.status).toBe('SUCCEEDED');
    expect(seen).toEqual([0, 1, 2].map((attempt) => ({ attempt, name: 'Call' })));
    expect(performance.now() - began).toBeGreaterThan(2900);
  });

  test('a thrown error is caught by its name, with its message', async () => {
    aws.emulator.onInvoke(async () => ({ errorType: 'DeniedError', errorMessage: 'no' }));
    const { output } = await runDefinition(aws.sfn, {
      StartAt: 'Call',
      States: {
        Call: task('f', {
          Catch: [{ ErrorEquals: ['DeniedError'], ResultPath: '$.error', Next: 'Done' }],
          End: true,
        }),
        Done: { Type: 'Succeed' },
      },
    });
    const { error } = JSON.parse(output ?? '');
    expect(error.Error).toBe('DeniedError');
    expect(JSON.parse(error.Cause)).toEqual({ errorType: 'DeniedError', errorMessage: 'no' });
  });
});

test('a reset stops what runs', async () => {
  let calls = 0;
  aws.emulator.onInvoke(async () => {
    calls += 1;
    return { payload: {} };
  });
  const stateMachineArn = await createMachine(aws.sfn, {
    StartAt: 'Wait',
    States: { Wait: { Type: 'Wait', Seconds: 1, Next: 'Call' }, Call: task('f', { End: true }) },
  });
  await aws.sfn.send(new StartExecutionCommand({ stateMachineArn }));
  await aws.emulator.reset();
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(calls).toBe(0);
});

test('a task starts an execution of another machine, and is told its ARN', async () => {
  const other = await createMachine(aws.sfn, pass({ 'about.$': '$.about' }));
  const { output } = await runDefinition(aws.sfn, {
    StartAt: 'Start',
    States: {
      Start: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution',
        Parameters: { StateMachineArn: other, Input: { about: 'i-1' } },
        End: true,
      },
    },
  });
  const { ExecutionArn, StartDate } = JSON.parse(output ?? '');
  expect(StartDate).toMatch(ISO_MILLISECONDS);
  expect(JSON.parse((await ended(aws.sfn, ExecutionArn)).output ?? '')).toEqual({ about: 'i-1' });
});
