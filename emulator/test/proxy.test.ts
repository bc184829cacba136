import { AutoScalingClient, DescribeAutoScalingGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CreateSecurityGroupCommand, DescribeVpcsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { ListStateMachinesCommand } from '@aws-sdk/client-sfn';
import { ListTopicsCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { describe, expect, test } from 'vitest';
import { callRest } from '../aws-call.ts';
import type { Fault, FaultKind } from '../proxy/traffic.ts';
import { clientConfiguration } from '../world/world-clients.ts';
import { useEmulator } from './fixture.ts';

const aws = useEmulator();

const inject = (kind: FaultKind, more: Partial<Fault> = {}) =>
  aws.emulator.traffic.inject({ service: '*', action: '*', times: 1, kind, ...more });

const once = (options: object = {}) =>
  new EC2Client({ ...clientConfiguration(aws.emulator), maxAttempts: 1, ...options });

test('calls are recorded with service, action, parameters, status and time', async () => {
  await aws.ec2.send(new DescribeVpcsCommand({ Filters: [{ Name: 'cidr', Values: ['x'] }] }));
  await aws.sfn.send(new ListStateMachinesCommand({ maxResults: 7 }));
  const [vpcs, machines] = aws.emulator.traffic.calls;
  expect(vpcs).toMatchObject({ service: 'ec2', action: 'DescribeVpcs', status: 200 });
  expect(String(vpcs?.params)).toContain('Filter.1.Name=cidr');
  expect(vpcs?.endedAt).toBeGreaterThan(vpcs?.startedAt ?? Number.POSITIVE_INFINITY);
  expect(machines).toMatchObject({
    service: 'states',
    action: 'ListStateMachines',
    params: { maxResults: 7 },
  });
});

test('the calling function is read from the app id', async () => {
  await once({ userAgentAppId: 'VerifyFunction' }).send(new DescribeVpcsCommand({}));
  expect(aws.emulator.traffic.calls[0]?.functionName).toBe('VerifyFunction');
});

test('latency is added to each call', async () => {
  aws.emulator.traffic.latency(120);
  const began = performance.now();
  await Promise.all(Array.from({ length: 4 }, () => aws.ec2.send(new DescribeVpcsCommand({}))));
  const took = performance.now() - began;
  expect(took).toBeGreaterThan(119);
});

describe('faults', () => {
  test('a throttled call gets the code of its service', async () => {
    inject('throttle', { times: Number.POSITIVE_INFINITY });
    const config = { ...clientConfiguration(aws.emulator), maxAttempts: 1 };
    const throttled = [
      once().send(new DescribeVpcsCommand({})),
      new AutoScalingClient(config).send(new DescribeAutoScalingGroupsCommand({})),
    ];
    const names = (await Promise.allSettled(throttled)).map((result) =>
      result.status === 'rejected' ? result.reason.name : 'answered',
    );
    expect(names).toEqual(['RequestLimitExceeded', 'Throttling']);
  });

  test('a throttled call succeeds on the retry', async () => {
    inject('throttle');
    await aws.sns.send(new ListTopicsCommand({}));
    expect(aws.emulator.traffic.calls.map(({ status }) => status)).toEqual([400, 200]);
  });

  test.each<[FaultKind, object, string]>([
    ['denied', { service: 'ec2' }, 'UnauthorizedOperation'],
    ['server-error', { action: 'DescribeVpcs' }, 'InternalError'],
    ['connection-reset', {}, 'TimeoutError'],
  ])('%s', async (kind, where, name) => {
    inject(kind, where);
    await expect(once().send(new DescribeVpcsCommand({}))).rejects.toMatchObject({ name });
    await expect(once().send(new DescribeVpcsCommand({}))).resolves.toBeDefined();
  });

  test('JSON services are denied in JSON, with their status', async () => {
    inject('denied');
    await expect(
      aws.sqs.send(
        new SendMessageCommand({ QueueUrl: `${aws.emulator.endpoint}/1/q`, MessageBody: 'x' }),
      ),
    ).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  test('a call that is never answered ends with the patience of the client', async () => {
    inject('timeout');
    const requestHandler = { requestTimeout: 200, throwOnRequestTimeout: true };
    await expect(once({ requestHandler }).send(new DescribeVpcsCommand({}))).rejects.toMatchObject({
      name: 'TimeoutError',
    });
  });

  test('a lost answer is of a call that took effect', async () => {
    inject('lost-answer', {
      matches: (params) => params instanceof URLSearchParams && params.get('GroupName') === 'g',
    });
    const { Vpcs } = await aws.ec2.send(new DescribeVpcsCommand({}));
    const create = new CreateSecurityGroupCommand({
      GroupName: 'g',
      Description: 'd',
      VpcId: Vpcs?.[0]?.VpcId,
    });
    await expect(once().send(create)).rejects.toThrow();
    await expect(once().send(create)).rejects.toMatchObject({ name: 'InvalidGroup.Duplicate' });
  });
});

describe('invocations', () => {
  const invoke = (name: string) =>
    callRest(
      aws.emulator,
      'lambda',
      'POST',
      `/2015-03-31/functions/${encodeURIComponent(name)}/invocations`,
      new TextEncoder().encode('{"a":1}'),
    );

  test.each(['f', 'f:$LATEST', 'arn:aws:lambda:us-east-1:123456789012:function:f:3'])(
    '%s is the function f',
    async (name) => {
      aws.emulator.onInvoke(async (functionName, event) => ({ payload: { functionName, event } }));
      expect(JSON.parse(await invoke(name))).toEqual({ functionName: 'f', event: { a: 1 } });
      expect(aws.emulator.traffic.calls).toMatchObject([{ service: 'lambda', action: 'Invoke' }]);
    },
  );

  test('a handler that rejects is a function error', async () => {
    aws.emulator.onInvoke(async () => {
      throw new TypeError('no');
    });
    expect(JSON.parse(await invoke('f'))).toEqual({ errorType: 'TypeError', errorMessage: 'no' });
  });
});
