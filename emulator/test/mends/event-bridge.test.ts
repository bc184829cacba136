import { ListExecutionsCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { callJson } from '../../aws-call.ts';
import { createMachine, ended } from '../execution.ts';
import { eventually, useEmulator } from '../fixture.ts';

const aws = useEmulator();
const FUNCTION_ARN = 'arn:aws:lambda:us-east-1:123456789012:function:intake';

const events = (operation: string, input: object) =>
  callJson(aws.emulator, 'events', `AWSEvents.${operation}`, input);

const putRule = (pattern: unknown, more: object = {}) =>
  events('PutRule', { Name: 'rule', EventPattern: JSON.stringify(pattern), ...more });

const putTarget = (target: object) =>
  events('PutTargets', { Rule: 'rule', Targets: [{ Id: 'target', ...target }] });

const putEvent = (detail: object, source = 'test', type = 'Test') =>
  events('PutEvents', {
    Entries: [
      {
        Source: source,
        DetailType: type,
        Detail: JSON.stringify(detail),
        Resources: ['arn:r'],
        Time: 1_767_225_600,
      },
    ],
  });

/** Whether an event with this detail reaches a queue through a rule with this pattern. */
const matches = async (pattern: object, detail: object): Promise<boolean> => {
  const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
  await putRule({ detail: pattern });
  await putTarget({ Arn: 'arn:aws:sqs:us-east-1:123456789012:queue' });
  await putEvent(detail);
  const { Messages } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
  return Messages !== undefined;
};

const cloudTrail = {
  source: ['aws.ec2'],
  'detail-type': ['AWS API Call via CloudTrail'],
  detail: { eventName: ['AttachNetworkInterface'], errorCode: [{ exists: false }] },
};

const stateChange = {
  source: ['aws.ec2'],
  'detail-type': ['EC2 Instance State-change Notification'],
};

describe('targets', () => {
  test('a function gets the whole event', async () => {
    const invoked: unknown[] = [];
    aws.emulator.onInvoke(async (name, event) => {
      invoked.push({ name, event });
      return { payload: null };
    });
    await putRule({ source: ['test'] });
    await putTarget({ Arn: FUNCTION_ARN });
    expect(await putEvent({ a: 1 })).toMatchObject({ FailedEntryCount: 0 });
    expect(await eventually(async () => invoked[0])).toEqual({
      name: 'intake',
      event: {
        version: '0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        'detail-type': 'Test',
        source: 'test',
        account: '123456789012',
        time: '2026-01-01T00:00:00Z',
        region: 'us-east-1',
        resources: ['arn:r'],
        detail: { a: 1 },
      },
    });
  });

  test('an input transformer makes the input', async () => {
    const invoked: unknown[] = [];
    aws.emulator.onInvoke(async (_, event) => {
      invoked.push(event);
      return { payload: null };
    });
    await putRule({ source: ['test'] });
    await putTarget({
      Arn: FUNCTION_ARN,
      InputTransformer: {
        InputPathsMap: { id: '$.detail.instance', count: '$.detail.count' },
        InputTemplate: '{"instanceId": <id>, "text": "<id> times <count>", "n": <count>}',
      },
    });
    await putEvent({ instance: 'i-1', count: 2 });
    expect(await eventually(async () => invoked[0])).toEqual({
      instanceId: 'i-1',
      text: 'i-1 times 2',
      n: 2,
    });
  });

  test('a state machine is started with the event', async () => {
    const stateMachineArn = await createMachine(aws.sfn, {
      StartAt: 'Done',
      States: { Done: { Type: 'Succeed' } },
    });
    await putRule({ source: ['test'] });
    await putTarget({ Arn: stateMachineArn, RoleArn: 'arn:aws:iam::123456789012:role/r' });
    await putEvent({ a: 1 });
    const executionArn = await eventually(
      async () =>
        (await aws.sfn.send(new ListExecutionsCommand({ stateMachineArn }))).executions?.[0]
          ?.executionArn,
    );
    const { input } = await ended(aws.sfn, executionArn);
    expect(JSON.parse(input ?? '')).toMatchObject({ source: 'test', detail: { a: 1 } });
  });

  test('a disabled rule does not fire', async () => {
    const { QueueUrl } = await aws.sqs.send(new CreateQueueCommand({ QueueName: 'queue' }));
    await putRule({ source: ['test'] }, { State: 'DISABLED' });
    await putTarget({ Arn: 'arn:aws:sqs:us-east-1:123456789012:queue' });
    await putEvent({});
    const { Messages } = await aws.sqs.send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages).toBeUndefined();
  });

  test.each<[string, object, object, boolean]>([
    ['a call that succeeded', cloudTrail, { eventName: 'AttachNetworkInterface' }, true],
    ['another call', cloudTrail, { eventName: 'DescribeInstances' }, false],
    [
      'a call that failed',
      cloudTrail,
      { eventName: 'AttachNetworkInterface', errorCode: 'Client.UnauthorizedOperation' },
      false,
    ],
    ['a change of state', stateChange, { 'instance-id': 'i-1', state: 'running' }, true],
  ])('a function gets %s: %j %j %j', async (_, pattern, detail, isExpected) => {
    const invoked: unknown[] = [];
    aws.emulator.onInvoke(async (_, event) => {
      invoked.push(event);
      return { payload: null };
    });
    await putRule(pattern);
    await putTarget({ Arn: FUNCTION_ARN });
    const type = (pattern as typeof stateChange)['detail-type'][0] ?? '';
    await putEvent(detail, 'aws.ec2', type);
    await events('PutRule', { Name: 'end', EventPattern: JSON.stringify({ source: ['end'] }) });
    await events('PutTargets', { Rule: 'end', Targets: [{ Id: 'end', Arn: FUNCTION_ARN }] });
    await putEvent({}, 'end');
    await eventually(async () =>
      invoked.find((event) => (event as { source: string }).source === 'end'),
    );
    expect(invoked.length).toBe(isExpected ? 2 : 1);
    if (isExpected) expect(invoked[0]).toMatchObject({ source: 'aws.ec2', detail });
  });

  test('a scheduled rule fires when it is told to, unless it is disabled', async () => {
    const invoked: unknown[] = [];
    aws.emulator.onInvoke(async (_, event) => {
      invoked.push(event);
      return { payload: null };
    });
    const schedule = (Name: string, more: object) =>
      events('PutRule', { Name, ScheduleExpression: 'rate(5 minutes)', ...more });
    await schedule('off', { State: 'DISABLED' });
    await schedule('rule', {});
    await events('PutTargets', { Rule: 'off', Targets: [{ Id: 'target', Arn: FUNCTION_ARN }] });
    await putTarget({ Arn: FUNCTION_ARN });
    await aws.emulator.fireSchedule('off');
    await aws.emulator.fireSchedule('rule');
    expect(await eventually(async () => invoked[0])).toMatchObject({
      source: 'aws.events',
      'detail-type': 'Scheduled Event',
      resources: ['arn:aws:events:us-east-1:123456789012:rule/rule'],
      detail: {},
    });
    expect(invoked).toHaveLength(1);
    await expect(aws.emulator.fireSchedule('none')).rejects.toThrow('none');
  });

  test('the end of an execution is an event', async () => {
    const invoked: unknown[] = [];
    aws.emulator.onInvoke(async (_, event) => {
      invoked.push(event);
      return { payload: null };
    });
    const stateMachineArn = await createMachine(aws.sfn, {
      StartAt: 'Fail',
      States: { Fail: { Type: 'Fail', Error: 'Broken', Cause: 'because' } },
    });
    await putRule({
      source: ['aws.states'],
      detail: { status: ['FAILED'], stateMachineArn: [stateMachineArn] },
    });
    await putTarget({ Arn: FUNCTION_ARN });
    await aws.sfn.send(new StartExecutionCommand({ stateMachineArn, name: 'one' }));
    expect(await eventually(async () => invoked[0])).toMatchObject({
      'detail-type': 'Step Functions Execution Status Change',
      detail: { name: 'one', status: 'FAILED', error: 'Broken', cause: 'because' },
    });
  });
});

describe('patterns that AWS refuses are refused', () => {
  test.each([
    [{ detail: { a: [{ prefixx: 'x' }] } }],
    [{ detail: { a: [{ 'starts-with': 'x' }] } }],
    [{ detail: { a: [{ prefix: 1 }] } }],
    [{ detail: { a: [{ prefix: 'x', suffix: 'y' }] } }],
    [{ detail: { a: [{ numeric: ['>'] }] } }],
    [{ detail: { a: [{ numeric: ['~', 1] }] } }],
    [{ detail: { a: [{ exists: 'yes' }] } }],
    [{ detail: { a: [{ cidr: 'x' }] } }],
    [{ detail: { a: [{ 'anything-but': { exists: true } }] } }],
    [{ detail: { a: [] } }],
    [{ detail: { a: 'text' } }],
    [{ detail: {} }],
    [{ $or: { a: ['b'] } }],
  ])('%j', async (pattern) => {
    await expect(putRule(pattern)).rejects.toThrow('Event pattern is not valid');
  });

  test('a pattern of more than 2,048 characters', async () => {
    await expect(putRule({ source: ['x'.repeat(2100)] })).rejects.toThrow('exceeds');
  });
});

test('TestEventPattern matches as rules do', async () => {
  const result = (id: string) =>
    events('TestEventPattern', {
      EventPattern: JSON.stringify({ detail: { id: [{ prefix: 'i-' }] } }),
      Event: JSON.stringify({ source: 'test', detail: { id } }),
    });
  expect(await result('i-1')).toEqual({ Result: true });
  expect(await result('x-1')).toEqual({ Result: false });
});

describe('patterns match as on AWS', () => {
  test.each<[object, object, boolean]>([
    [{ a: ['x'] }, { a: 'x' }, true],
    [{ a: ['x'] }, { a: ['y', 'x'] }, true],
    [{ a: [5] }, { a: 5 }, true],
    [{ a: [5] }, { a: '5' }, false],
    [{ a: [1] }, { a: true }, false],
    [{ a: [null] }, { a: null }, true],
    [{ a: [{ prefix: 'Un' }] }, { a: 'Unauthorized' }, true],
    [{ a: [{ prefix: { 'equals-ignore-case': 'un' } }] }, { a: 'Unauthorized' }, true],
    [{ a: [{ suffix: '.exe' }] }, { a: 'virus.exe' }, true],
    [{ a: [{ suffix: '.exe' }] }, { a: 'virus.sh' }, false],
    [{ a: [{ 'equals-ignore-case': 'HIGH' }] }, { a: 'high' }, true],
    [{ a: [{ wildcard: 'Trojan:EC2/*!DNS' }] }, { a: 'Trojan:EC2/x!DNS' }, true],
    [{ a: [{ wildcard: 'a\\*b' }] }, { a: 'axb' }, false],
    [{ a: [{ wildcard: 'a\\*b' }] }, { a: 'a*b' }, true],
    [{ a: [{ numeric: ['>=', 7] }] }, { a: 8.5 }, true],
    [{ a: [{ numeric: ['>=', 7, '<', 8] }] }, { a: 8 }, false],
    [{ a: [{ numeric: ['>=', 7] }] }, { a: '8' }, false],
    [{ a: [{ exists: true }] }, { a: false }, true],
    [{ a: [{ exists: true }] }, {}, false],
    [{ a: [{ exists: false }] }, { b: 1 }, true],
    [{ a: [{ exists: false }] }, { a: null }, false],
    [{ a: [{ 'anything-but': 'x' }] }, { a: 'y' }, true],
    [{ a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'y' }, false],
    [{ a: [{ 'anything-but': ['x'] }] }, {}, false],
    [{ a: [{ 'anything-but': { prefix: 'sample' } }] }, { a: 'sample-1' }, false],
    [{ a: [{ 'anything-but': { prefix: ['s', 't'] } }] }, { a: 'u' }, true],
    [{ a: [{ 'anything-but': { suffix: ['s', 't'] } }] }, { a: 'at' }, false],
    [{ a: [{ 'anything-but': { wildcard: '*b*' } }] }, { a: 'abc' }, false],
    [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.0.7' }, true],
    [{ a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.1.7' }, false],
    [{ $or: [{ a: ['x'] }, { b: [{ numeric: ['>', 1] }] }] }, { a: 'y', b: 2 }, true],
    [{ $or: [{ a: ['x'] }, { b: ['x'] }], c: ['z'] }, { a: 'x', c: 'y' }, false],
    [{ f: { s: ['HIGH'] } }, { f: [{ s: 'LOW' }, { s: 'HIGH' }] }, true],
    [{ f: { s: ['HIGH'], w: ['NEW'] } }, { f: [{ s: 'HIGH' }, { w: 'NEW' }] }, false],
  ])('%j on %j: %j', async (pattern, detail, expected) => {
    expect(await matches(pattern, detail)).toBe(expected);
  });
});
