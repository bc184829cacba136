import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instanceIdPattern } from '../../src/case/case.ts';
import { UnintelligibleEventError } from '../../src/case/errors.ts';
import { isAwsEvent } from '../../src/triggers/aws-event.ts';
import { triage } from '../../src/triggers/triage.ts';
import { mutatedEvents, sampleEvents } from './mutated-events.ts';
import { policySettings } from './policy-settings.ts';

const now = new Date('2026-11-20T03:05:00.000Z');
const instanceId = 'i-0c0d0e0f0a0b0c0d1';
const alarms = policySettings({ alarmNames: ['outbound-*'] });

const triaged = (name: string, settings = alarms) =>
  triage(
    JSON.parse(readFileSync(new URL(`../../events/${name}.json`, import.meta.url), 'utf8')),
    settings,
    now,
  );

/** What each sample event leads to: action, source, type, severity, and a piece of the reason. */
const table = [
  ['cloudwatch-alarm', 'contain', 'cloudwatch-alarm', 'outbound-web-1', null, 'AlarmNames'],
  ['cloudwatch-alarm-lambda-action', 'contain', 'cloudwatch-alarm', 'outbound-web-1', null, ''],
  ['cloudwatch-alarm-sns', 'contain', 'cloudwatch-alarm', 'outbound-web-1', null, ''],
  ['guardduty-command-and-control', 'contain', 'guardduty', 'Backdoor:EC2/C&CActivity.B', 8, ''],
  ['guardduty-get-findings', 'contain', 'guardduty', 'Backdoor:EC2/C&CActivity.B', 8, ''],
  [
    'guardduty-runtime-on-cluster-node',
    'ask',
    'guardduty',
    'Execution:Runtime/ReverseShell',
    8,
    'Others depend on this host',
  ],
  ['guardduty-sample', 'skip', 'guardduty', 'Backdoor:EC2/C&CActivity.B', 8, 'sample'],
  [
    'guardduty-credentials-used-elsewhere',
    'skip',
    'guardduty',
    'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
    8,
    'ContainExfiltration',
  ],
  [
    'guardduty-ssh-brute-force-target',
    'skip',
    'guardduty',
    'UnauthorizedAccess:EC2/SSHBruteForce',
    2,
    'MinimumSeverity',
  ],
  [
    'security-hub-guardduty-finding',
    'contain',
    'security-hub',
    'Backdoor:EC2/C&CActivity.B',
    8,
    '',
  ],
  ['security-hub-v2-finding', 'contain', 'security-hub', 'Backdoor:EC2/C&CActivity.B', 7, ''],
  [
    'security-hub-custom-action',
    'contain',
    'security-hub',
    'Backdoor:EC2/C&CActivity.B',
    2,
    'ordered',
  ],
  [
    'security-hub-posture-finding',
    'skip',
    'security-hub',
    'Software and Configuration Checks/Industry and Regulatory Standards/AWS-Foundational-Security-Best-Practices',
    9,
    'configuration',
  ],
] as const;

/** Those that other tests are about. */
const elsewhere = [
  'cloudwatch-composite-alarm',
  'cordon-manual',
  'guardduty-attack-sequence',
  'guardduty-crypto-mining',
  'guardduty-ssh-brute-force-actor',
  'manual',
  'manual-dry-run',
  'state-machine-input',
];

describe('triage', () => {
  it('is tried on every sample event', () => {
    const files = readdirSync(new URL('../../events/', import.meta.url));
    const names = [...table.map(([name]) => name), ...elsewhere];
    expect(names.map((name) => `${name}.json`).toSorted()).toEqual(files.toSorted());
  });

  it.each(table)('of %s: %s', (name, action, source, type, severity, reason) => {
    expect(triaged(name).decisions).toMatchObject([
      {
        instanceId,
        accountId: '123456789012',
        region: 'us-east-1',
        action,
        reason: expect.stringContaining(reason),
        trigger: { source, type, severity, at: expect.stringMatching(/^2026-11-20T0/) },
      },
    ]);
  });

  it('names the same finding alike over all three routes, so that they make one case', () => {
    const ids = [
      'guardduty-command-and-control',
      'security-hub-guardduty-finding',
      'security-hub-v2-finding',
    ].map((name) => triaged(name).decisions[0]?.trigger.id);
    expect(new Set(ids)).toEqual(new Set(['a4c1f0e2b3d4958677a8b9c0d1e2f304']));
  });

  it('decides on every instance of an attack sequence, and names what they share', () => {
    expect(triaged('guardduty-attack-sequence').decisions).toMatchObject(
      [instanceId, 'i-0c0d0e0f0a0b0c0d2'].map((one) => ({
        instanceId: one,
        action: 'contain',
        trigger: { commonCause: 'AUTOSCALING_AUTO_SCALING_GROUP web' },
      })),
    );
  });

  it('leads to nobody where a composite alarm names its children alone, and says so', () => {
    const { decisions, remarks } = triaged('cloudwatch-composite-alarm');
    expect(decisions).toEqual([]);
    expect(remarks).toEqual(['"outbound-any" names no EC2 instance.']);
  });

  it('leaves an alarm alone that AlarmNames does not name', () => {
    expect(triaged('cloudwatch-alarm', policySettings()).decisions).toMatchObject([
      { action: 'skip', reason: expect.stringContaining('no evidence by itself') },
    ]);
  });

  it('skips in Mode=observe, and says what would have been', () => {
    const settings = policySettings({ mode: 'observe' });
    expect(triaged('guardduty-command-and-control', settings).decisions).toMatchObject([
      { action: 'skip', reason: expect.stringMatching(/observe.*not below MinimumSeverity/) },
    ]);
  });

  it('has no account and no Region where a finding alone does not say them', () => {
    const finding = {
      id: 'f',
      type: 'Backdoor:EC2/C&CActivity.B',
      severity: 8,
      accountId: '1234',
      resource: { resourceType: 'Instance', instanceDetails: { instanceId } },
    };
    expect(triage(finding, policySettings(), now).decisions).toMatchObject([
      { instanceId, accountId: null, region: null, action: 'contain' },
    ]);
  });
});

describe('an event that is made to deceive', () => {
  const pascal = {
    Severity: 9.8,
    Type: 'Backdoor:EC2/C&CActivity.B',
    Resource: { ResourceType: 'Instance', InstanceDetails: { InstanceId: instanceId } },
    Service: { Archived: false },
  };

  it.each(['cordon.manual', 'aws.ec2', 'custom.guardduty', ''])(
    'becomes no finding of GuardDuty where its source is "%s"',
    (source) => {
      const event = { source, 'detail-type': 'GuardDuty Finding', detail: pascal };
      expect(() => triage(event, alarms, now)).toThrow(UnintelligibleEventError);
    },
  );

  it('is refused in one sentence, however deep it is nested and whatever its fields are', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 100_000; depth += 1) deep = { Resource: deep };
    for (const event of [
      { Severity: 8, Service: {}, Resource: deep },
      { source: 'aws.securityhub', 'detail-type': { toString: 1, valueOf: 1 } },
      {
        source: 'aws.securityhub',
        'detail-type': 'Findings Imported V2',
        detail: { findings: 'x' },
      },
    ]) {
      expect(() => triage(event, alarms, now)).toThrow(UnintelligibleEventError);
    }
  });

  it('costs its neighbours nothing where a record of a queue is no JSON', () => {
    const finding = { source: 'aws.guardduty', 'detail-type': 'GuardDuty Finding', detail: pascal };
    const { decisions, remarks } = triage(
      { Records: [{ body: 'hello' }, { body: JSON.stringify(finding) }] },
      policySettings({ includeTypes: ['Backdoor:*'] }),
      now,
    );
    expect(decisions).toMatchObject([{ instanceId, action: 'contain' }]);
    expect(remarks).toEqual([expect.stringContaining('no JSON')]);
  });
});

describe('a finding of Security Hub', () => {
  const asff = (changes: object) => ({
    source: 'aws.securityhub',
    'detail-type': 'Security Hub Findings - Imported',
    detail: {
      findings: [
        {
          Id: 'f',
          ProductArn: 'arn:aws:securityhub:us-east-1::product/crowdstrike/falcon',
          Types: ['TTPs/Command and Control'],
          Resources: [
            {
              Type: 'AwsEc2Instance',
              Id: `arn:aws:ec2:us-east-1:123456789012:instance/${instanceId}`,
            },
          ],
          ...changes,
        },
      ],
    },
  });

  it.each([
    [{ Original: '5', Normalized: 90, Label: 'CRITICAL' }, 9],
    [{ Original: '8', Normalized: 40 }, 8],
    [{ Normalized: 71 }, 7.1],
    [{ Label: 'HIGH' }, 7],
    [{ Original: 'MEDIUM' }, 4],
    [{}, null],
  ])('of another product has the highest of its severities: %o', (Severity, severity) => {
    expect(triage(asff({ Severity }), alarms, now).decisions).toMatchObject([
      { trigger: { severity } },
    ]);
  });

  it.each([
    ['suppressed', { Workflow: { Status: 'SUPPRESSED' } }],
    ['resolved', { Workflow: { Status: 'RESOLVED' } }],
    ['archived', { RecordState: 'ARCHIVED' }],
    [
      'updated by Cordon itself',
      { Workflow: { Status: 'NOTIFIED' }, Note: { UpdatedBy: 'cordon' } },
    ],
    ['about a configuration', { Compliance: { Status: 'FAILED' } }],
  ])('contains nobody where it is %s', (_, changes) => {
    const event = asff({ Severity: { Label: 'CRITICAL' }, ...changes });
    expect(triage(event, alarms, now).decisions).toMatchObject([{ action: 'skip' }]);
  });
});

describe('whatever anybody sends', () => {
  it('is decided on or refused in one sentence, and never contains what is no instance', () => {
    fc.assert(
      fc.property(mutatedEvents(sampleEvents()), (event) => {
        try {
          for (const { instanceId: id, accountId } of triage(event, alarms, now).decisions) {
            expect(id).toMatch(instanceIdPattern);
            if (accountId !== null) expect(accountId).toMatch(/^\d{12}$/);
          }
        } catch (error) {
          if (!(error instanceof UnintelligibleEventError)) throw error;
          expect(error.message).not.toMatch(/[\n\r]/);
        }
        expect(typeof isAwsEvent(event)).toBe('boolean');
      }),
      { numRuns: Number(process.env.MUTATED ?? 1_000) },
    );
  });
});
