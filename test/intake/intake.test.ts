import { DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { GetParameterCommand } from '@aws-sdk/client-ssm';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import manualEvent from '../../events/cordon-manual.json' with { type: 'json' };
import finding from '../../events/guardduty-command-and-control.json' with { type: 'json' };
import bruteForceTarget from '../../events/guardduty-ssh-brute-force-target.json' with {
  type: 'json',
};
import { intake } from '../../src/intake/intake.ts';
import { awsError, denied, throttled } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { customRuleFinding } from '../triggers/guardduty/custom-rule-finding.ts';

const account = '123456789012';
const instanceId = 'i-0c0d0e0f0a0b0c0d1';
const caseId = `20260301T0300Z-${instanceId}`;
const machine = `arn:aws:states:us-east-1:${account}:stateMachine:Cordon`;
const executionArn = `arn:aws:states:us-east-1:${account}:execution:Cordon:${caseId}`;
const stopParameter = '/cordon/cordon/stop';
const ownRoles = ['AROAZ2Y7EXAMPLE1QW3ER'];
const deadLetterQueueUrl = `https://sqs.us-east-1.amazonaws.com/${account}/cordon-dead-letters`;

const scene = (settings: Parameters<typeof fakeAws>[0] = {}) => {
  const aws = fakeAws(settings);
  aws.stepFunctions.on(StartExecutionCommand).callsFake(async ({ name }) => ({
    executionArn: executionArn.replace(caseId, name),
    startDate: aws.clock.now(),
  }));
  aws.sns.on(PublishCommand).resolves({ MessageId: 'm-1' });
  aws.sqs.on(SendMessageCommand).resolves({ MessageId: 'm-2' });
  aws.ssm.on(GetParameterCommand).rejects(awsError('ParameterNotFound'));
  const run = (event: unknown, queue = deadLetterQueueUrl) =>
    intake(
      aws.deps,
      { stateMachineArn: machine, deadLetterQueueUrl: queue, stopParameter, ownRoles },
      event,
    );
  return { aws, run };
};

const withDetail = (change: object) => ({ ...finding, detail: { ...finding.detail, ...change } });

/** An attack sequence names several instances, and no instanceDetails. */
const sequence = (...ids: readonly string[]) =>
  withDetail({
    type: 'AttackSequence:EC2/CompromisedInstanceGroup',
    severity: 9,
    resource: { resourceType: 'AttackSequence' },
    service: {
      detection: {
        sequence: { resources: ids.map((uid) => ({ uid, resourceType: 'EC2_INSTANCE' })) },
      },
    },
  });

describe('a GuardDuty finding about an instance', () => {
  it('starts the execution that bears the id of the case, with the case as its input', async () => {
    const { aws, run } = scene();
    expect(await run(finding)).toEqual({
      executions: [{ caseId, instanceId, executionArn, outcome: 'started' }],
      skipped: [],
    });
    const calls = aws.stepFunctions.commandCalls(StartExecutionCommand);
    expect(calls).toHaveLength(1);
    expect(calls[0]?.args[0].input).toMatchObject({ stateMachineArn: machine, name: caseId });
    expect(JSON.parse(calls[0]?.args[0].input.input ?? '')).toMatchObject({
      caseId,
      instanceId,
      accountId: account,
      region: 'us-east-1',
      dryRun: false,
      trigger: { source: 'guardduty', type: finding.detail.type, severity: 8 },
    });
    expect(aws.sns).not.toHaveReceivedAnyCommand();
  });

  it('joins the execution that another finding of the same minutes has started', async () => {
    const { aws, run } = scene();
    aws.stepFunctions.on(StartExecutionCommand).rejects(awsError('ExecutionAlreadyExists'));
    const input = JSON.stringify({ caseId, instanceId });
    aws.stepFunctions.on(DescribeExecutionCommand).resolves({ status: 'RUNNING', input });
    expect((await run(finding)).executions).toEqual([
      { caseId, instanceId, executionArn, outcome: 'joined' },
    ]);
  });

  it('joins when EventBridge delivers the same event twice', async () => {
    const { aws, run } = scene();
    const startDate = new Date(aws.clock.now().getTime() - 60_000);
    aws.stepFunctions.on(StartExecutionCommand).resolves({ executionArn, startDate });
    expect((await run(finding)).executions[0]?.outcome).toBe('joined');
  });

  it('is rehearsed in Mode=observe', async () => {
    const { aws, run } = scene({ mode: 'observe' });
    await run(finding);
    const call = aws.stepFunctions.commandCalls(StartExecutionCommand)[0];
    expect(JSON.parse(call?.args[0].input.input ?? '')).toMatchObject({ dryRun: true });
  });

  // threat D4
  it('starts one execution per instance of an attack sequence', async () => {
    const ids = ['i-00000000000000001', 'i-00000000000000002'];
    const { executions } = await scene().run(sequence(...ids));
    expect(executions.map((one) => one.instanceId)).toEqual(ids);
  });
});

describe('a finding that Cordon’s own protection of an instance has raised', () => {
  const raised = (signals?: readonly object[]) =>
    customRuleFinding({
      instanceId,
      actors: [{ id: 'a', user: { uid: `${ownRoles[0]}:cordon-ProtectFunction` } }],
      severity: 7,
      ...(signals === undefined ? {} : { signals }),
    });

  // fault A16
  it('starts nothing and tells nobody, else each containment would begin the next', async () => {
    const { aws, run } = scene();
    const { executions, skipped } = await run(raised());
    expect(executions).toEqual([]);
    expect(skipped).toEqual([{ instanceId, reason: expect.stringContaining('Cordon') }]);
    expect(aws.stepFunctions).not.toHaveReceivedAnyCommand();
    expect(aws.sns).not.toHaveReceivedAnyCommand();
    expect(aws.sqs).not.toHaveReceivedAnyCommand();
  });

  // fault A16
  it('starts nothing and is told as SKIPPED where it does not say which change it was', async () => {
    const { aws, run } = scene();
    expect((await run(raised([]))).executions).toEqual([]);
    expect(aws.stepFunctions).not.toHaveReceivedAnyCommand();
    const [call] = aws.sns.commandCalls(PublishCommand);
    expect(call?.args[0].input.Subject).toContain('SKIPPED');
    expect(call?.args[0].input.Message).toContain('the finding does not name it');
  });

  it('leaves the finding of somebody else’s protection what it is', async () => {
    const event = customRuleFinding({
      instanceId,
      actors: [{ id: 'a', user: { uid: 'AROAOTHEREXAMPLE12345:cordon' } }],
      severity: 7,
    });
    expect((await scene().run(event)).executions).toHaveLength(1);
  });
});

describe('a name that an execution has had already', () => {
  const exactId = `20260301T030700Z-${instanceId}`;
  const own = JSON.stringify({ caseId, instanceId });

  /** An execution of that name exists, as described; names to the second are free. */
  const taken = (status: string, input = own, output = JSON.stringify({ status: 'contained' })) => {
    const made = scene();
    const { stepFunctions } = made.aws;
    stepFunctions
      .on(StartExecutionCommand, { name: caseId })
      .rejects(awsError('ExecutionAlreadyExists'));
    stepFunctions
      .on(DescribeExecutionCommand)
      .resolves({ status: status as 'RUNNING', input, executionArn, output });
    const startedNames = () =>
      stepFunctions.commandCalls(StartExecutionCommand).map(({ args }) => args[0].input.name);
    return { ...made, startedNames };
  };

  // threat D6
  it.each(['RUNNING', 'SUCCEEDED'])('is joined when it is the case and %s', async (status) => {
    const { aws, run } = taken(status);
    expect((await run(finding)).executions).toEqual([
      { caseId, instanceId, executionArn, outcome: 'joined' },
    ]);
    expect(aws.stepFunctions).toHaveReceivedCommandWith(DescribeExecutionCommand, { executionArn });
  });

  // threat D6, H3
  it.each(['FAILED', 'ABORTED', 'TIMED_OUT'])(
    'is not joined when it has %s: the case starts under an id to the second',
    async (status) => {
      const { aws, run } = taken(status);
      expect((await run(finding)).executions).toEqual([
        {
          caseId: exactId,
          instanceId,
          executionArn: executionArn.replace(caseId, exactId),
          outcome: 'started',
        },
      ]);
      const [, second] = aws.stepFunctions.commandCalls(StartExecutionCommand);
      expect(second?.args[0].input.name).toBe(exactId);
      expect(JSON.parse(second?.args[0].input.input ?? '')).toMatchObject({
        caseId: exactId,
        instanceId,
        dryRun: false,
      });
    },
  );

  // threat H3
  it.each([
    ['another instance', JSON.stringify({ caseId, instanceId: 'i-0000000000000dead' })],
    ['no instance', '{}'],
    ['nothing', 'null'],
    ['a text', '"i-0c0d0e0f0a0b0c0d1"'],
    ['a rehearsal for the same one', JSON.stringify({ caseId, instanceId, dryRun: true })],
    [
      'a milder profile for the same one',
      JSON.stringify({ caseId, instanceId, isolationProfile: 'egress-lockdown' }),
    ],
  ])('is not joined when it is about %s: somebody has used the name up', async (_what, input) => {
    for (const status of ['RUNNING', 'SUCCEEDED']) {
      const { run, startedNames } = taken(status, input);
      expect((await run(finding)).executions[0]?.outcome).toBe('started');
      expect(startedNames()).toEqual([caseId, exactId]);
    }
  });

  it.each(['asked', 'skipped', 'planned'])(
    'is not joined when its case was %s: the instance is open',
    async (ended) => {
      const { run, startedNames } = taken('SUCCEEDED', own, JSON.stringify({ status: ended }));
      expect((await run(finding)).executions[0]?.outcome).toBe('started');
      expect(startedNames()).toEqual([caseId, exactId]);
    },
  );

  it('is not joined when it cannot be read: joining nothing would leave the instance open', async () => {
    const { aws, run, startedNames } = taken('RUNNING');
    aws.stepFunctions.on(DescribeExecutionCommand).rejects(denied());
    expect((await run(finding)).executions[0]?.outcome).toBe('started');
    expect(startedNames()).toEqual([caseId, exactId]);
    expect(aws.log.text).toContain('could not be read');
  });

  it('is joined by the same finding a second later, once the case has begun anew', async () => {
    const { aws, run, startedNames } = taken('FAILED');
    aws.stepFunctions
      .on(StartExecutionCommand, { name: exactId })
      .rejects(awsError('ExecutionAlreadyExists'));
    expect((await run(finding)).executions).toMatchObject([{ caseId: exactId, outcome: 'joined' }]);
    expect(startedNames()).toEqual([caseId, exactId]);
  });

  it('is joined by a rehearsal, however it ended: nobody waits for one', async () => {
    const { aws, run } = scene();
    aws.stepFunctions.on(StartExecutionCommand).rejects(awsError('ExecutionAlreadyExists'));
    expect((await run({ instanceId, dryRun: true })).executions[0]?.outcome).toBe('joined');
    expect(aws.stepFunctions).not.toHaveReceivedCommand(DescribeExecutionCommand);
  });

  it('that AWS is too busy to use again is an error: EventBridge delivers once more', async () => {
    const { aws, run } = taken('FAILED');
    aws.stepFunctions.on(StartExecutionCommand, { name: exactId }).rejects(throttled());
    await expect(run(finding)).rejects.toMatchObject({ name: 'AwsUnavailableError' });
  });
});

describe('what starts nothing', () => {
  it.each([
    ['a low severity', withDetail({ severity: 2 }), /severity/],
    ['an attempt from outside', bruteForceTarget, /./],
    [
      'an archived finding',
      withDetail({ service: { ...finding.detail.service, archived: true } }),
      /archived/,
    ],
  ])('is skipped with the reason and without noise: %s', async (_what, event, reason) => {
    const { aws, run } = scene();
    const result = await run(event);
    expect(result.executions).toEqual([]);
    expect(result.skipped[0]?.reason).toMatch(reason);
    expect(aws.stepFunctions).not.toHaveReceivedAnyCommand();
    expect(aws.sns).not.toHaveReceivedAnyCommand();
  });

  it.each([
    ['account', { accountId: '999999999999' }, '999999999999'],
    ['Region', { region: 'eu-west-1' }, 'eu-west-1'],
  ])(
    'is told when it concerns another %s: nobody else will contain it',
    async (_what, change, word) => {
      const { aws, run } = scene();
      const { skipped } = await run(withDetail(change));
      expect(skipped).toEqual([{ instanceId, reason: expect.stringContaining(word) }]);
      expect(aws.stepFunctions).not.toHaveReceivedAnyCommand();
      expect(aws.sns).toHaveReceivedCommandTimes(PublishCommand, 1);
    },
  );

  // threat C10
  it('is told when the instance is exempt', async () => {
    const [{ key = '', value = '' } = {}] = finding.detail.resource.instanceDetails.tags;
    const { aws, run } = scene({ exemptTag: `${key}=${value}` });
    expect((await run(finding)).skipped[0]?.reason).toContain(key);
    expect(aws.sns).toHaveReceivedCommandTimes(PublishCommand, 1);
  });

  it('is a finding about no instance', async () => {
    const { skipped } = await scene().run(
      withDetail({ type: 'Recon:IAMUser/X', resource: { resourceType: 'AccessKey' } }),
    );
    expect(skipped).toEqual([{ reason: expect.stringContaining('not about an EC2 instance') }]);
  });
});

describe('an event that nobody understands', () => {
  const riddle = { source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail: {} };

  // threat D3
  it('is rejected, told, and kept whole on the dead-letter queue', async () => {
    const { aws, run } = scene();
    const result = await run(riddle);
    expect(result).toEqual({ executions: [], skipped: [], rejected: expect.any(String) });
    expect(aws.sns.commandCalls(PublishCommand)[0]?.args[0].input.Subject).toContain('REJECTED');
    const message = aws.sqs.commandCalls(SendMessageCommand)[0]?.args[0].input;
    expect(message?.QueueUrl).toBe(deadLetterQueueUrl);
    expect(JSON.parse(message?.MessageBody ?? '')).toEqual(riddle);
    expect(message?.MessageAttributes?.REJECTED?.StringValue).toBe(result.rejected);
  });

  it('is kept on the queue though the topic refuses the message', async () => {
    const { aws, run } = scene();
    aws.sns.on(PublishCommand).rejects(awsError('KMSAccessDeniedException'));
    expect((await run(riddle)).rejected).toBeDefined();
    expect(aws.sqs).toHaveReceivedCommandTimes(SendMessageCommand, 1);
  });

  // fault S1
  it('is told by name and kept when a severe finding does not name its instance', async () => {
    const { aws, run } = scene();
    const unnamed = withDetail({ resource: null });
    const result = await run(unnamed);
    expect(result).toEqual({ executions: [], skipped: [], rejected: expect.any(String) });
    const [told] = aws.sns.commandCalls(PublishCommand);
    expect(told?.args[0].input.Subject).toContain('NOT CONTAINED, INSTANCE UNKNOWN');
    expect(told?.args[0].input.MessageAttributes?.account?.StringValue).toBe(account);
    expect(aws.sqs).toHaveReceivedCommandWith(SendMessageCommand, {
      MessageBody: JSON.stringify(unnamed),
    });
  });

  // fault S1
  it('is told beside the cases of the instances that the same finding does name', async () => {
    const { aws, run } = scene();
    const result = await run(sequence(instanceId, 'the web server'));
    expect(result.executions).toHaveLength(1);
    expect(result.rejected).toBeDefined();
    expect(aws.sns.commandCalls(PublishCommand)).toHaveLength(1);
  });

  it('wakes nobody when such a finding is below the severity, a sample, or archived', async () => {
    const { aws, run } = scene();
    await run(withDetail({ resource: null, severity: 2 }));
    await run(withDetail({ resource: null, title: '[SAMPLE] x' }));
    await run(withDetail({ resource: null, service: { archived: true } }));
    expect(aws.sns).not.toHaveReceivedAnyCommand();
  });

  it.each([null, 'text', [], {}])('is rejected whatever it is: %j', async (event) => {
    expect((await scene().run(event)).rejected).toBeDefined();
  });

  it('is told in the log alone by hand, where there is no queue and no topic', async () => {
    const { aws, run } = scene({ notificationTopicArn: '' });
    expect((await run(riddle, '')).rejected).toBeDefined();
    expect(aws.sqs).not.toHaveReceivedAnyCommand();
    expect(aws.log.text).toContain('REJECTED');
  });

  it('throws when the queue cannot take it: EventBridge then keeps it itself', async () => {
    const { aws, run } = scene();
    aws.sqs.on(SendMessageCommand).rejects(throttled());
    await expect(run(riddle)).rejects.toThrow();
  });
});

describe('infrastructure that fails', () => {
  it('throws, so that EventBridge delivers the event again', async () => {
    const { aws, run } = scene();
    aws.stepFunctions.on(StartExecutionCommand).rejects(throttled());
    await expect(run(finding)).rejects.toMatchObject({ name: 'AwsUnavailableError' });
  });

  it('for one instance does not keep the others from being started', async () => {
    const { aws, run } = scene();
    const ids = ['i-00000000000000001', 'i-00000000000000002', 'i-00000000000000003'];
    aws.stepFunctions
      .on(StartExecutionCommand, { name: `20260301T0300Z-${ids[1]}` })
      .rejects(throttled());
    await expect(run(sequence(...ids))).rejects.toMatchObject({ name: 'AwsUnavailableError' });
    expect(aws.stepFunctions).toHaveReceivedCommandTimes(StartExecutionCommand, 3);
  });

  it('throws when nobody says which state machine to start', async () => {
    const { deps } = fakeAws();
    const settings = { stateMachineArn: '', deadLetterQueueUrl, stopParameter, ownRoles };
    await expect(intake(deps, settings, finding)).rejects.toMatchObject({
      name: 'InvalidSettingsError',
    });
  });

  it('never swallows that another account’s instance could not be told of', async () => {
    const { aws, run } = scene();
    aws.sns.on(PublishCommand).rejects(awsError('KMSAccessDeniedException'));
    // Neither started, nor published, nor on the queue: only a log line would be left.
    const result = await run(withDetail({ accountId: '999999999999' })).catch(() => 'thrown');
    const kept = aws.sqs.commandCalls(SendMessageCommand).length === 1;
    expect(kept || result === 'thrown').toBe(true);
  });
});

describe('a person', () => {
  it.each([
    ['a person asks the function itself', { instanceId }, false],
    ['an event of cordon.manual, which whoever may put events can send', manualEvent, true],
  ])('contains in Mode=observe, and an event only observes: %s', async (_, event, dryRun) => {
    const { aws, run } = scene({ mode: 'observe' });
    expect((await run(event)).executions[0]?.outcome).toBe('started');
    const call = aws.stepFunctions.commandCalls(StartExecutionCommand)[0];
    expect(JSON.parse(call?.args[0].input.input ?? '')).toMatchObject({
      dryRun,
      trigger: { source: 'manual', severity: null },
    });
  });

  // threat D7
  it('who rehearsed first does not join the rehearsal when it becomes serious', async () => {
    const { aws, run } = scene();
    await run({ instanceId, dryRun: true });
    await aws.clock.sleep(60_000);
    await run({ instanceId });
    const names = aws.stepFunctions
      .commandCalls(StartExecutionCommand)
      .map(({ args }) => args[0].input.name);
    // Step Functions gives a name out once in 90 days: the same one would contain nothing.
    expect(new Set(names).size).toBe(2);
  });
});

describe('while everything automatic is stopped', () => {
  const stopped = (value: string, written = new Date('2026-03-01T03:00:00Z')) => {
    const made = scene();
    made.aws.ssm.on(GetParameterCommand).resolves({
      Parameter: { Name: stopParameter, Value: value, LastModifiedDate: written },
    });
    return made;
  };
  const until = (time: string): string =>
    JSON.stringify({ until: time, who: 'sam', reason: 'a pentest\nRELEASED' });

  // threat H9
  // fault D6
  it('a finding contains nobody, and is told with who has stopped it and until when', async () => {
    const { aws, run } = stopped(until('2026-03-01T07:00:00Z'));
    const { executions, skipped } = await run(finding);
    const reason = `STOPPED: would have contained ${instanceId}, but "sam" stopped everything automatic until 2026-03-01T07:00Z: "a pentest RELEASED".`;
    expect(executions).toEqual([]);
    expect(skipped).toEqual([{ instanceId, reason }]);
    expect(aws.stepFunctions).not.toHaveReceivedAnyCommand();
    const sent = aws.sns.commandCalls(PublishCommand)[0]?.args[0].input;
    expect(sent?.Subject).toMatch(/^\[Cordon\] STOPPED /);
    const { sqs } = JSON.parse(sent?.Message ?? '{}');
    expect(JSON.parse(sqs)).toMatchObject({ status: 'skipped', reason });
  });

  // An event of cordon.manual is as automatic as a finding.
  // fault D6
  it('an event that somebody put contains nobody either', async () => {
    const { aws, run } = stopped(until('2026-03-01T07:00:00Z'));
    expect((await run(manualEvent)).executions).toEqual([]);
    expect(aws.stepFunctions).not.toHaveReceivedAnyCommand();
  });

  it('a rehearsal goes on, because it changes nothing', async () => {
    const { aws, run } = stopped(until('2026-03-01T07:00:00Z'));
    await run({ ...manualEvent, detail: { ...manualEvent.detail, dryRun: true } });
    expect(aws.stepFunctions).toHaveReceivedCommand(StartExecutionCommand);
  });

  it.each([
    ['has ended', until('2026-03-01T03:06:59Z')],
    ['is none of Cordon’s', 'stop'],
  ])('but not when the stop %s', async (_, value) => {
    expect((await stopped(value).run(finding)).executions).toHaveLength(1);
  });

  it.each(['AccessDeniedException', 'ThrottlingException', 'TimeoutError'])(
    'but not when AWS answers %s: a host is left open only where somebody said so',
    async (code) => {
      const { aws, run } = scene();
      aws.ssm.on(GetParameterCommand).rejects(awsError(code));
      expect((await run(finding)).executions).toHaveLength(1);
      expect(aws.log.line('the stop switch could not be read: not stopped')?.level).toBe('warn');
    },
  );

  it('but not when AWS never answers: the finding waits a second', async () => {
    const { aws, run } = scene();
    aws.ssm.on(GetParameterCommand).callsFake(() => new Promise(() => {}));
    expect((await run(finding)).executions).toHaveLength(1);
    expect(aws.clock.elapsed).toBe(1_000);
  });

  it('nothing waits for the switch where nobody would be contained', async () => {
    const { aws, run } = scene();
    aws.ssm.on(GetParameterCommand).callsFake(() => new Promise(() => {}));
    expect((await run(withDetail({ severity: 2 }))).executions).toEqual([]);
    expect(aws.clock.elapsed).toBe(0);
  });
});

describe('a composite alarm', () => {
  const composite = {
    source: 'aws.cloudwatch',
    'detail-type': 'CloudWatch Alarm State Change',
    account,
    region: 'us-east-1',
    resources: [`arn:aws:cloudwatch:us-east-1:${account}:alarm:outbound-any`],
    detail: {
      alarmName: 'outbound-any',
      state: {
        value: 'ALARM',
        reasonData: JSON.stringify({
          triggeringAlarms: [
            { arn: `arn:aws:cloudwatch:us-east-1:${account}:alarm:outbound-web-1` },
            { arn: `arn:aws:cloudwatch:eu-west-1:${account}:alarm:elsewhere` },
          ],
        }),
      },
      configuration: { alarmRule: 'ALARM(outbound-web-1)' },
    },
  };
  const child = (...ids: readonly string[]) => ({
    MetricAlarms: ids.map((Value) => ({ Dimensions: [{ Name: 'InstanceId', Value }] })),
  });

  it('contains the one instance that its children are about, where AlarmNames names it', async () => {
    const { aws, run } = scene({ alarmNames: ['outbound-*'] });
    aws.cloudWatch.on(DescribeAlarmsCommand).resolves(child(instanceId));
    expect((await run(composite)).executions).toMatchObject([{ instanceId, outcome: 'started' }]);
    expect(aws.cloudWatch.commandCalls(DescribeAlarmsCommand)[0]?.args[0].input).toMatchObject({
      AlarmNames: ['outbound-web-1'],
    });
  });

  it('contains nobody where it is about several, and asks AWS nothing where it is not named', async () => {
    const { aws, run } = scene({ alarmNames: ['outbound-*'] });
    aws.cloudWatch.on(DescribeAlarmsCommand).resolves(child(instanceId, 'i-0123456789abcdef0'));
    const { executions, skipped } = await run(composite);
    expect(executions).toEqual([]);
    expect(skipped).toMatchObject([
      { reason: expect.stringContaining('about 2 instances') },
      { reason: expect.stringContaining('about 2 instances') },
    ]);
    expect((await scene().run(composite)).executions).toEqual([]);
  });

  it.each([
    ['cannot be read', () => Promise.reject(denied())],
    ['name no instance', async () => ({ MetricAlarms: [] })],
  ])('is told where its children %s', async (words, answer) => {
    const { aws, run } = scene({ alarmNames: ['*'] });
    aws.cloudWatch.on(DescribeAlarmsCommand).callsFake(answer);
    expect((await run(composite)).rejected).toContain(words.replace('cannot', 'could not'));
    expect(aws.sns.commandCalls(PublishCommand)).toHaveLength(1);
  });
});

describe('people who wait for a containment', () => {
  const ordered = (finding: object) => ({
    source: 'aws.securityhub',
    'detail-type': 'Security Hub Findings - Custom Action',
    account,
    region: 'us-east-1',
    detail: {
      actionName: 'Contain',
      findings: [
        {
          Id: 'f',
          ProductArn: 'arn:aws:securityhub:us-east-1::product/aws/guardduty',
          Types: ['TTPs/Command and Control/Backdoor:EC2-C&CActivity.B'],
          Severity: { Label: 'LOW', Normalized: 10 },
          Resources: [
            {
              Type: 'AwsEc2Instance',
              Id: `arn:aws:ec2:us-east-1:${account}:instance/${instanceId}`,
            },
          ],
          ...finding,
        },
      ],
    },
  });

  it('get it by their order, whatever mode, type and severity say', async () => {
    const { run } = scene({ mode: 'observe', excludeTypes: ['Backdoor:*'] });
    expect((await run(ordered({}))).executions).toMatchObject([{ instanceId, outcome: 'started' }]);
  });

  it.each([
    ['the finding is about a configuration', { Compliance: { Status: 'FAILED' } }],
    ['it names no instance', { Resources: [{ Type: 'AwsS3Bucket', Id: 'arn:aws:s3:::b' }] }],
  ])('are told where their order does nothing: %s', async (_, finding) => {
    const { aws, run } = scene();
    expect((await run(ordered(finding))).executions).toEqual([]);
    expect(aws.sns.commandCalls(PublishCommand)).toHaveLength(1);
  });

  it.each([
    ['names no instance', { AutoScalingGroupName: 'web' }],
    ['names an id that is none', { InstanceId: 'i-XYZ' }],
  ])('are told where an alarm that they named %s', async (_, dimensions) => {
    const alarm = {
      source: 'aws.cloudwatch',
      'detail-type': 'CloudWatch Alarm State Change',
      account,
      region: 'us-east-1',
      detail: {
        alarmName: 'outbound-web',
        state: { value: 'ALARM' },
        configuration: { metrics: [{ metricStat: { metric: { dimensions } } }] },
      },
    };
    const { aws, run } = scene({ alarmNames: ['outbound-*'] });
    expect((await run(alarm)).rejected).toContain('no dimension InstanceId');
    expect(aws.sns.commandCalls(PublishCommand)).toHaveLength(1);
    const unnamed = scene();
    await unnamed.run(alarm);
    expect(unnamed.aws.sns.commandCalls(PublishCommand)).toHaveLength(0);
  });
});

it('cuts here although nobody can be told of the instance elsewhere', async () => {
  const { aws, run } = scene();
  aws.sns.on(PublishCommand).rejects(denied());
  aws.sqs.on(SendMessageCommand).rejects(denied());
  const resources = [
    { uid: instanceId, resourceType: 'EC2_INSTANCE' },
    { uid: 'i-0123456789abcdef0', resourceType: 'EC2_INSTANCE', region: 'us-west-2' },
  ];
  const event = withDetail({
    type: 'AttackSequence:EC2/CompromisedInstanceGroup',
    severity: 9,
    resource: { resourceType: 'AttackSequence' },
    service: { detection: { sequence: { resources } } },
  });
  await expect(run(event)).rejects.toThrow();
  expect(aws.stepFunctions.commandCalls(StartExecutionCommand)).toHaveLength(1);
});
