import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { account, event, letsThrough } from './event-pattern.ts';
import { at, list, resource, template } from './stack.ts';

const sample = (name: string): object =>
  JSON.parse(readFileSync(inProject('events', `${name}.json`), 'utf8'));

describe('The rule that starts Cordon', () => {
  it.each([
    'guardduty-crypto-mining',
    'guardduty-command-and-control',
    'guardduty-ssh-brute-force-actor',
    'guardduty-ssh-brute-force-target',
    'cordon-manual',
  ])('lets %s through', async (name) => {
    expect(await letsThrough('TriggerRule', sample(name))).toBe(true);
  });

  // fault A16
  // Security Hub tells of every update, of those by Cordon's own changes too.
  it.each(['Security Hub Findings - Imported', 'Findings Imported V2'])(
    'does not let an update of Security Hub through: %s',
    async (detailType) => {
      const update = event({ source: 'aws.securityhub', 'detail-type': detailType });
      expect(await letsThrough('TriggerRule', update)).toBe(false);
    },
  );

  // threat D1
  it.each([
    ['another event of GuardDuty', { 'detail-type': 'GuardDuty Runtime Protection Unhealthy' }],
    ['a finding that somebody else claims to have', { source: 'custom.guardduty' }],
    ['a fire drill that another account sends', { source: 'cordon.manual', account: '99' }],
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
