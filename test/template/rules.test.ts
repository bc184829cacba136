import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { heartbeatPattern, isHeartbeat } from '../../src/triggers/heartbeat.ts';
import { triggers } from '../../src/triggers/index.ts';
import { account, event, letsThrough, letsThroughUnder, patternUnder } from './event-pattern.ts';
import { resolved, withParameters } from './resolve.ts';
import { at, list, resource, template } from './stack.ts';

const sample = (name: string): object =>
  JSON.parse(readFileSync(inProject('events', `${name}.json`), 'utf8'));

describe('The rule that starts Cordon', () => {
  it.each([
    'guardduty-crypto-mining',
    'guardduty-command-and-control',
    'guardduty-ssh-brute-force-actor',
    'guardduty-ssh-brute-force-target',
    'guardduty-attack-sequence',
    'guardduty-runtime-on-cluster-node',
    'security-hub-guardduty-finding',
    'security-hub-v2-finding',
    'cordon-manual',
  ])('lets %s through', async (name) => {
    expect(await letsThrough('TriggerRule', sample(name))).toBe(true);
  });

  const found = (type: string, finding: object): object =>
    event({ source: 'aws.securityhub', 'detail-type': type, detail: { findings: [finding] } });
  const onInstance = {
    RecordState: 'ACTIVE',
    Types: ['TTPs/Command and Control/Backdoor:EC2-C&CActivity.B'],
    Resources: [{ Type: 'AwsEc2Instance' }],
  };
  const imported = 'Security Hub Findings - Imported';

  // fault A16
  // Security Hub tells of every update, of those by Cordon's own changes too.
  it.each([
    [
      'a posture finding',
      found(imported, { ...onInstance, Types: ['Software and Configuration Checks'] }),
    ],
    ['an archived one', found(imported, { ...onInstance, RecordState: 'ARCHIVED' })],
    [
      'one about a bucket',
      found(imported, { ...onInstance, Resources: [{ Type: 'AwsS3Bucket' }] }),
    ],
    [
      'a vulnerability',
      found('Findings Imported V2', { class_uid: 2002, resources: [{ type: 'AwsEc2Instance' }] }),
    ],
    ['a custom action, where none is named', sample('security-hub-custom-action')],
    ['an alarm, where none is named', sample('cloudwatch-alarm')],
  ])('does not let %s through', async (_, one) => {
    expect(await letsThrough('TriggerRule', one)).toBe(false);
  });

  const action = 'arn:aws:securityhub:us-east-1:123456789012:action/custom/contain';

  it.each([
    [
      'the named custom action',
      'security-hub-custom-action',
      { SecurityHubActionArn: action },
      true,
    ],
    [
      'no other custom action',
      'security-hub-custom-action',
      { SecurityHubActionArn: `${action}2` },
      false,
    ],
    ['alarms, where some are named', 'cloudwatch-alarm', { AlarmNames: 'outbound-*' }, true],
    ['composite alarms', 'cloudwatch-composite-alarm', { AlarmNames: '*' }, true],
  ])('lets through %s', async (_, name, parameters, through) => {
    expect(await letsThroughUnder(parameters, 'TriggerRule', sample(name))).toBe(through);
  });

  it('has the sources and kinds of events of the registry, and no others', () => {
    const parameters = { SecurityHubActionArn: action, AlarmNames: '*' };
    const sources = new Set(
      triggers
        .flatMap(({ patterns }) => patterns.flatMap(({ source }): readonly string[] => source))
        .concat(heartbeatPattern.source),
    );
    const pattern = patternUnder(parameters, 'TriggerRule');
    const inRule = at(pattern, '$or') as readonly { readonly source: readonly string[] }[];
    expect(new Set(inRule.flatMap(({ source }) => source))).toEqual(sources);
    const detailTypes = triggers.flatMap(({ patterns }) =>
      patterns.flatMap((one) => one['detail-type'] ?? []),
    );
    expect(
      new Set(
        inRule.flatMap((one) => (at(one, 'detail-type') as readonly string[] | undefined) ?? []),
      ),
    ).toEqual(new Set(detailTypes));
  });

  // threat D1
  it.each([
    ['another event of GuardDuty', { 'detail-type': 'GuardDuty Runtime Protection Unhealthy' }],
    ['a finding that somebody else claims to have', { source: 'custom.guardduty' }],
    ['a fire drill that another account sends', { source: 'cordon.manual', account: '99' }],
    ['a heartbeat that another account sends', { source: 'cordon.heartbeat', account: '99' }],
    ['the end of one of its own executions', { source: 'aws.states' }],
  ])('does not let %s through', async (_, changes) => {
    const finding = { source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding' };
    expect(await letsThrough('TriggerRule', event({ ...finding, ...changes }))).toBe(false);
  });

  it('can be deployed switched off', () => {
    expect(resource(template, 'TriggerRule').Properties.State).toEqual({ Ref: 'RuleState' });
    expect(template.Parameters.RuleState).toMatchObject({
      Default: 'ENABLED',
      AllowedValues: ['ENABLED', 'DISABLED'],
    });
  });

  it('reaches intake, and keeps on the queue what it cannot deliver', () => {
    const { Targets } = resource(template, 'TriggerRule').Properties;
    expect(Targets).toEqual([
      expect.objectContaining({
        Arn: { 'Fn::GetAtt': ['IntakeFunction', 'Arn'] },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['DeadLetterQueue', 'Arn'] } },
      }),
    ]);
    expect(resource(template, 'TriggerRulePermission').Properties).toEqual({
      Action: 'lambda:InvokeFunction',
      FunctionName: { Ref: 'IntakeFunction' },
      Principal: 'events.amazonaws.com',
      SourceArn: { 'Fn::GetAtt': ['TriggerRule', 'Arn'] },
    });
  });
});

describe('The schedule of the heartbeat', () => {
  const heartbeat = resource(template, 'Heartbeat').Properties;

  it('sends once a day an event that goes the way of the findings', async () => {
    expect(heartbeat.ScheduleExpression).toBe('rate(1 day)');
    const { Source, DetailType } = at(heartbeat.Target, 'EventBridgeParameters') as {
      readonly Source: string;
      readonly DetailType: string;
    };
    const sent = event({ source: Source, 'detail-type': DetailType, detail: {} });
    expect(await letsThrough('TriggerRule', sent)).toBe(true);
    expect(isHeartbeat(sent)).toBe(true);
  });

  it('goes on while findings do not reach Cordon, so that the alarm rings', () => {
    expect(heartbeat).not.toHaveProperty('State');
  });

  it('may put no other event', () => {
    const role = resolved(template, resource(template, 'HeartbeatRole').Properties);
    const [policy] = list(at(role, 'Policies') as object[]);
    expect(list(at(policy, 'PolicyDocument', 'Statement') as object[])).toEqual([
      expect.objectContaining({
        Action: 'events:PutEvents',
        Condition: { StringEquals: { 'events:source': 'cordon.heartbeat' } },
      }),
    ]);
  });

  const detector = '0123456789abcdef0123456789abcdef';

  it('has GuardDuty make one sample a week, of the detector that is named, and else none', () => {
    expect(resource(template, 'SampleFinding').Condition).toBe('ProvesGuardDuty');
    const named = withParameters(template, { GuardDutyDetectorId: detector });
    const target = resolved(named, resource(named, 'SampleFinding').Properties.Target);
    expect(JSON.parse(String(at(target, 'Input')))).toEqual({
      DetectorId: detector,
      FindingTypes: ['Backdoor:EC2/C&CActivity.B'],
    });
  });
});

describe('The rule that tells of failed executions', () => {
  const machineArn = `arn:aws:states:eu-central-1:${account}:stateMachine:ContainmentStateMachine`;
  const ended = (status: string, stateMachineArn = machineArn): object =>
    event({
      source: 'aws.states',
      'detail-type': 'Step Functions Execution Status Change',
      detail: { status, stateMachineArn, name: '20261120T0250Z-i-0c0d0e0f0a0b0c0d1' },
    });

  // threat H4
  it.each(['FAILED', 'TIMED_OUT', 'ABORTED'])('tells of one that %s', async (status) => {
    expect(await letsThrough('FailedExecutionRule', ended(status))).toBe(true);
  });

  it.each(['RUNNING', 'SUCCEEDED'])('is silent about one that is %s', async (status) => {
    expect(await letsThrough('FailedExecutionRule', ended(status))).toBe(false);
  });

  it('is silent about other state machines', async () => {
    const other = ended('FAILED', machineArn.replace('Containment', 'Payroll'));
    expect(await letsThrough('FailedExecutionRule', other)).toBe(false);
  });

  it('cannot be switched off with Cordon', () => {
    expect(resource(template, 'FailedExecutionRule').Properties.State ?? 'ENABLED').toBe('ENABLED');
  });

  it('publishes to the topic, in words', () => {
    const [target] = list(resource(template, 'FailedExecutionRule').Properties.Targets as object[]);
    expect(at(target, 'Arn')).toEqual({ Ref: 'NotificationTopic' });
    const paths = at(target, 'InputTransformer', 'InputPathsMap') as Record<string, string>;
    const text = String(at(target, 'InputTransformer', 'InputTemplate'));
    const used = [...text.matchAll(/<(\w+)>/g)].map(([, name = '']) => name);
    expect(used.toSorted()).toEqual(Object.keys(paths).toSorted());
    const filled = text.replaceAll(/<(\w+)>/g, (_, name: string) => name.toUpperCase());
    expect(JSON.parse(filled)).toBe(
      '[Cordon] The execution NAME ended STATUS in REGION. Look NOW whether the instance is isolated: the execution is EXECUTION.',
    );
  });
});
