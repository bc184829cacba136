import { describe, expect, it } from 'vitest';
import type { FunctionResource } from '../../emulator/deploy/template.ts';
import { functionsOf, readTemplate } from '../../emulator/deploy/template.ts';
import { isClosed, isolationRules } from '../../src/case/isolation-group.ts';
import { stopParameterOf } from '../../src/case/stop-switch.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { screaming, settingVariables } from './handler-code.ts';
import { decides, withParameters } from './resolve.ts';
import type { Parameter } from './stack.ts';
import { at, list, template } from './stack.ts';

const parameters = Object.entries(template.Parameters);

const parameter = (name: string): Parameter => {
  const found = template.Parameters[name];
  if (found === undefined) throw new Error(`The template has no parameter ${name}`);
  return found;
};

/** True when CloudFormation takes the value: it must match the whole of the pattern. */
const isTaken = (name: string, value: string): boolean => {
  const { AllowedPattern, AllowedValues, MaxLength, MinValue, MaxValue } = parameter(name);
  return (
    (MaxLength === undefined || value.length <= MaxLength) &&
    (AllowedPattern === undefined || new RegExp(`^(?:${AllowedPattern})$`).test(value)) &&
    (AllowedValues === undefined || AllowedValues.map(String).includes(value)) &&
    (MinValue === undefined || Number(value) >= MinValue) &&
    (MaxValue === undefined || Number(value) <= MaxValue)
  );
};

/** True when the functions take the value as it is; the forensic profile needs a range beside it. */
const isUnderstood = (name: string, value: string): boolean =>
  readSettings({ FORENSIC_CIDRS: '192.0.2.0/24', [screaming(name)]: value }).warnings.length === 0;

describe('Every parameter', () => {
  it.each(parameters)('%s is explained', (_, { Description }) => {
    expect(Description?.length).toBeGreaterThan(20);
    expect(Description?.length).toBeLessThanOrEqual(4_000);
  });

  it.each(parameters.filter(([, { AllowedPattern }]) => AllowedPattern !== undefined))(
    '%s says in words what its pattern takes',
    (_, { ConstraintDescription }) => {
      expect(ConstraintDescription).toMatch(/^must be /);
    },
  );

  it('has its place in the form that people fill in', () => {
    const groups = at(template.Metadata, 'AWS::CloudFormation::Interface', 'ParameterGroups');
    const placed = list(groups as object[]).flatMap((group) => at(group, 'Parameters') as string[]);
    expect(placed.toSorted()).toEqual(parameters.map(([name]) => name).toSorted());
  });
});

describe('Nobody gets automatic containment without asking for it', () => {
  it('Mode has no default', () => {
    expect(parameter('Mode')).toMatchObject({ AllowedValues: ['observe', 'ask', 'contain'] });
    expect(parameter('Mode')).not.toHaveProperty('Default');
  });

  it('everything else can be left as it is', () => {
    const defaults = parameters
      .filter(([name]) => name !== 'Mode')
      .map(([name, { Default }]) => [name, Default]);
    expect(Object.fromEntries(defaults)).toEqual({
      RuleState: 'ENABLED',
      MinimumSeverity: 7,
      ExemptTag: '',
      ModeBySeverity: '',
      ExemptAccounts: '',
      ContainerHosts: 'ask',
      BrakeGroupPercent: 50,
      AskTimeoutMinutes: 15,
      AskDefault: 'contain',
      BrakeCasesPerHour: 5,
      IncludeTypes: '',
      ExcludeTypes: '',
      AlarmNames: '',
      SecurityHubActionArn: '',
      GuardDutyDetectorId: '',
      ContainExfiltration: 'false',
      UpdateSecurityHub: 'false',
      NotificationEmail: '',
      ChatTopicArn: '',
      ConnectionCut: 'transition',
      TransitionHoldSeconds: 1,
      IsolationProfile: 'full',
      ForensicCidrs: '',
      ForensicSecurityGroupId: '',
      ForensicUploadBucket: '',
      EgressAllowList: '',
      DetachMode: 'detach',
      NaclDeny: 'false',
      NaclAllowList: '',
      DisassociateAddresses: 'false',
      DisableImds: 'false',
      RevokeCredentials: 'false',
      RevocableRoleArns: '',
      DisassociateProfile: 'false',
      HostCut: 'false',
      EvidenceBucket: '',
      EvidenceRetentionDays: 365,
      EvidenceRetentionMode: 'GOVERNANCE',
      SnapshotLock: 'none',
      SnapshotLockDays: 365,
      ForensicAccountId: '',
      ForensicKmsKeyArn: '',
      ConfigRule: 'false',
      FlowLogs: 'false',
      MirrorTargetId: '',
      ToolkitSnapshotId: '',
      MemoryFirstMinutes: 0,
      OnDrift: 'alert',
      DriftCheckMinutes: 15,
      ReviewAfterHours: 24,
      LogRetentionDays: 365,
      ReservedConcurrency: 0,
    });
  });

  it('the defaults of the template are those of the code', () => {
    const deployed = settingVariables.flatMap((variable) => {
      const [, { Default } = {}] = parameters.find(([name]) => screaming(name) === variable) ?? [];
      return Default === undefined ? [] : [[variable, String(Default)]];
    });
    expect(deployed.length).toBe(settingVariables.length - 4);
    expect(readSettings(Object.fromEntries(deployed))).toEqual(readSettings({}));
  });
});

describe('A setting is handed on under its own name', () => {
  const { Globals } = readTemplate();
  const owners: readonly (readonly [string, FunctionResource['Properties']['Environment']])[] = [
    ['every function', Globals.Function.Environment],
    ...[...functionsOf(readTemplate())].map(
      ([logicalId, { Properties }]) => [logicalId, Properties.Environment] as const,
    ),
  ];
  const variables = owners.flatMap(([owner, environment]) =>
    Object.entries(environment?.Variables ?? {}).map(([variable, value]) => ({
      owner,
      variable,
      value,
    })),
  );
  const resources: Readonly<Record<string, string>> = {
    NOTIFICATION_TOPIC_ARN: 'NotificationTopic',
    CONTAINMENT_STATE_MACHINE_ARN: 'ContainmentStateMachine',
    DEAD_LETTER_QUEUE_URL: 'DeadLetterQueue',
    CASE_TABLE: 'CaseTable',
    EVIDENCE_STATE_MACHINE_ARN: 'EvidenceStateMachine',
    HASH_STATE_MACHINE_ARN: 'HashBlocksStateMachine',
  };
  /** Neither a parameter of the template nor a resource: no deploy may touch it. */
  const composed: Readonly<Record<string, unknown>> = {
    STOP_PARAMETER: { 'Fn::Sub': stopParameterOf(`\${AWS::StackName}`) },
    TRAIL_KEY_ARN: { 'Fn::GetAtt': ['TrailKey', 'Arn'] },
    EVIDENCE_STORE: { 'Fn::GetAtt': ['Evidence', 'Outputs.StoreName'] },
    EVIDENCE_KEY_ARN: { 'Fn::GetAtt': ['Evidence', 'Outputs.StoreKeyArn'] },
    MEMORY_DOCUMENT: {
      'Fn::If': ['CollectsMemory', { 'Fn::GetAtt': ['Memory', 'Outputs.DocumentName'] }, ''],
    },
    ASK_STATE_MACHINE_ARN: {
      'Fn::Sub': [expect.stringContaining(':stateMachine:cordon-ask-'), expect.anything()],
    },
    HOST_DOCUMENT_NAME: {
      'Fn::If': ['CutsHosts', { 'Fn::GetAtt': ['HostTools', 'Outputs.DocumentName'] }, ''],
    },
    OWN_ROLES: expect.objectContaining({ 'Fn::Join': expect.anything() }),
  };
  const parameterOf = new Map(parameters.map(([name]) => [screaming(name), name]));

  it.each(variables)('$variable of $owner', ({ variable, value }) => {
    expect(value).toEqual(
      composed[variable] ?? { Ref: resources[variable] ?? parameterOf.get(variable) },
    );
  });

  it.each(settingVariables)('%s can be set', (setting) => {
    expect(resources[setting] ?? composed[setting] ?? parameterOf.get(setting)).toBeDefined();
    expect(variables.map(({ variable }) => variable)).toContain(setting);
  });
});

/** Ranges, as three of the parameters take them. */
const rightRanges = [
  '203.0.113.7/32',
  '203.0.113.0/24,198.51.100.0/25',
  '203.0.113.0/24, 2001:db8:17::/48',
  '203.0.113.0/24 ,10.0.0.0/8',
  '10.0.0.0/8',
  '2001:DB8::/32',
  '::1/128',
];

const wrongRanges = [
  '0.0.0.0/0',
  '::/0',
  '203.0.113.0/24,0.0.0.0/0',
  '203.0.113.0/00',
  '203.0.113.7',
  '203.0.113.0/33',
  '203.0.113.0/64',
  '203.0.113.256/32',
  '203.0.113/24',
  '010.0.0.0/8',
  '2001:db8::/129',
  '1/8',
  'abc/8',
  'office',
];

const rowsOf = (name: string, values: readonly string[]): [string, string][] =>
  values.map((value) => [name, value]);

const typeLists = ['IncludeTypes', 'ExcludeTypes'];

const flags = [
  'ContainExfiltration',
  'NaclDeny',
  'DisassociateAddresses',
  'DisableImds',
  'RevokeCredentials',
  'DisassociateProfile',
  'HostCut',
  'FlowLogs',
];

describe('A right value is taken at deploy, and understood by the functions', () => {
  it.each([
    ...rowsOf('Mode', ['observe', 'ask', 'contain']),
    ...rowsOf('ModeBySeverity', [
      '',
      'high=ask',
      'low=observe, medium=observe,high=ask ,critical=contain',
    ]),
    ...rowsOf('ContainerHosts', ['ask', 'contain']),
    ...rowsOf('BrakeGroupPercent', ['1', '100']),
    ...rowsOf('AskTimeoutMinutes', ['1', '1440']),
    ...rowsOf('AskDefault', ['contain', 'leave-open']),
    ...rowsOf('BrakeCasesPerHour', ['1', '100']),
    ...rowsOf('ExemptAccounts', ['', '111122223333', '111122223333, 444455556666']),
    ...typeLists.flatMap((name) =>
      rowsOf(name, ['', '*:EC2/*', 'Backdoor:EC2/C&CActivity.B!DNS, Trojan:*']),
    ),
    ...rowsOf('AlarmNames', ['', 'outbound-*', 'More outbound traffic than usual,dns ?']),
    ...rowsOf('MinimumSeverity', ['0', '8.5', '10']),
    ...rowsOf('ConnectionCut', ['transition', 'none']),
    ...rowsOf('TransitionHoldSeconds', ['0', '60']),
    ...rowsOf('IsolationProfile', ['full', 'forensic', 'egress-lockdown']),
    ...rowsOf('ForensicCidrs', ['', ...rightRanges]),
    ...rowsOf('ForensicSecurityGroupId', ['', 'sg-12345678', 'sg-0123456789abcdef0']),
    ...rowsOf('ForensicUploadBucket', [
      '',
      'abc',
      'cordon-evidence',
      'my.bucket.3',
      'b'.repeat(63),
    ]),
    ...rowsOf('EgressAllowList', [
      '',
      'tcp/5432:10.0.0.0/16',
      'tcp/443:sg-0123456789abcdef0',
      'tcp/443:pl-12345678',
      'udp/8125-8126:pl-0123456789abcdef0',
      'tcp/0-65535:2001:db8:17::/48',
      'tcp/443:10.0.0.0/8,udp/53:10.0.0.2/32',
      'tcp/443:10.0.0.0/8, udp/53:10.0.0.2/32 , tcp/22:sg-12345678',
    ]),
    ...rowsOf('DetachMode', ['detach', 'standby']),
    ...flags.flatMap((name) => rowsOf(name, ['true', 'false'])),
    ...rowsOf('NaclAllowList', ['', ...rightRanges]),
    ...rowsOf('SnapshotLock', ['none', 'governance', 'compliance']),
    ...rowsOf('SnapshotLockDays', ['1', '36500']),
    ...rowsOf('ForensicAccountId', ['', '444455556666']),
    ...rowsOf('ForensicKmsKeyArn', ['', 'arn:aws-cn:kms:cn-north-1:123456789012:key/mrk-0a1b']),
    ...rowsOf('MirrorTargetId', ['', 'tmt-0123456789abcdef0']),
    ...rowsOf('ToolkitSnapshotId', ['', 'snap-0123456789abcdef0']),
    ...rowsOf('MemoryFirstMinutes', ['0', '60']),
    ...rowsOf('OnDrift', ['alert', 'enforce']),
    ...rowsOf('ExemptTag', ['', 'cordon-exempt=true', 'Team: Core=platform=1', 'empty=']),
  ])('%s = "%s"', (name, value) => {
    expect(isTaken(name, value)).toBe(true);
    expect(isUnderstood(name, value)).toBe(true);
  });
});

describe('A wrong value is refused at deploy, and would not be understood either', () => {
  it.each([
    ...rowsOf('Mode', ['Contain', 'Ask']),
    ...rowsOf('ModeBySeverity', ['high', 'severe=ask', 'high=stop', 'high=ask;low=ask']),
    ...rowsOf('ContainerHosts', ['skip']),
    ...rowsOf('BrakeGroupPercent', ['0', '101']),
    ...rowsOf('AskTimeoutMinutes', ['0', '1441']),
    ...rowsOf('AskDefault', ['refuse']),
    ...rowsOf('BrakeCasesPerHour', ['0', '101']),
    ...rowsOf('ExemptAccounts', ['1111', '11112222333', 'all']),
    ...typeLists.flatMap((name) => rowsOf(name, ['two words', '^Recon'])),
    ...rowsOf('MinimumSeverity', ['-1', '11']),
    ...rowsOf('ConnectionCut', ['both']),
    ...rowsOf('TransitionHoldSeconds', ['61']),
    ...rowsOf('IsolationProfile', ['open', 'lockdown', 'Full']),
    ...rowsOf('ForensicCidrs', wrongRanges),
    ...rowsOf('ForensicSecurityGroupId', [
      'sg-1234567',
      'sg-0123456789abcdef01',
      'sg-ABCDEF01',
      'sg-12345678,sg-87654321',
      'responders',
    ]),
    ...rowsOf('ForensicUploadBucket', [
      'ab',
      'b'.repeat(64),
      'My-bucket',
      '-abc',
      'abc-',
      's3://abc',
      'arn:aws:s3:::abc',
    ]),
    ...rowsOf('EgressAllowList', [
      ...wrongRanges.map((range) => `tcp/443:${range}`),
      'tcp/443',
      '443:10.0.0.0/8',
      'icmp/1:10.0.0.0/8',
      'TCP/443:10.0.0.0/8',
      'tcp/65536:10.0.0.0/8',
      'tcp/80-65536:10.0.0.0/8',
      'tcp/443:sg-1234567',
      'tcp/443:10.0.0.0/8,tcp/443:0.0.0.0/0',
      'all',
    ]),
    ...rowsOf('DetachMode', ['Standby', 'keep']),
    ...flags.flatMap((name) => rowsOf(name, ['True', 'yes', '1', 'on'])),
    ...rowsOf('NaclAllowList', wrongRanges),
    ...rowsOf('SnapshotLock', ['true', 'GOVERNANCE']),
    ...rowsOf('SnapshotLockDays', ['0', '36501']),
    ...rowsOf('ForensicAccountId', ['1111', '44445555666a']),
    ...rowsOf('ForensicKmsKeyArn', [
      'alias/forensics',
      'arn:aws:kms:eu-west-1:123456789012:alias/a',
    ]),
    ...rowsOf('MirrorTargetId', ['eni-0123456789abcdef0', 'tmt-01234567']),
    ...rowsOf('ToolkitSnapshotId', ['vol-0123456789abcdef0', 'snap-01234567']),
    ...rowsOf('MemoryFirstMinutes', ['-1', '61']),
    ...rowsOf('OnDrift', ['ignore', 'Enforce']),
    ...rowsOf('ExemptTag', ['cordon-exempt', '=true', `${'k'.repeat(129)}=`]),
  ])('%s = "%s"', (name, value) => {
    expect(isUnderstood(name, value)).toBe(false);
    expect(isTaken(name, value)).toBe(false);
  });
});

// A pattern cannot count: these are found when the functions read them, and told with the report.
describe('What no pattern can see is told by the functions, and not obeyed', () => {
  it.each([
    ['EgressAllowList', 'tcp/443-80:10.0.0.0/8', 'egressAllowList'],
    ['NaclAllowList', '2001:db8::1::2/64', 'naclAllowList'],
    ['ForensicCidrs', '1:2:3:4:5:6:7:8:9/64', 'forensicCidrs'],
  ] as const)('%s = "%s"', (name, value, setting) => {
    expect(isTaken(name, value)).toBe(true);
    const { settings, warnings } = readSettings({ [screaming(name)]: value });
    expect(warnings).toEqual([expect.stringMatching(`^${screaming(name)} is `)]);
    expect(settings[setting]).toEqual([]);
  });
});

describe('The roles whose sessions may be revoked', () => {
  const web = 'arn:aws:iam::123456789012:role/web';

  it.each([
    '',
    web,
    'arn:aws:iam::123456789012:role/service-role/batch+1=a.b@c_d',
    'arn:aws-us-gov:iam::123456789012:role/web,arn:aws-cn:iam::123456789012:role/db',
  ])('may be "%s"', (arns) => {
    expect(isTaken('RevocableRoleArns', arns)).toBe(true);
  });

  // The list is cut at its commas into the resources of iam:PutRolePolicy.
  it.each([
    '*',
    `${web}-*`,
    'arn:aws:iam::123456789012:role/*',
    `${web},*`,
    `${web},db`,
    `${web},`,
    `,${web}`,
    `${web}, ${web}`,
    `${web},,${web}`,
    'arn:aws:iam::*:role/web',
    'arn:aws:iam::123456789012:*',
    'arn:aws:iam::123456789012:user/web',
    `${web},arn:aws:iam::123456789012:user/web`,
    'web',
  ])('may not be "%s"', (arns) => {
    expect(isTaken('RevocableRoleArns', arns)).toBe(false);
  });
});

describe('How often open cases are read back', () => {
  it.each(['5', '15', '120'])('may be every %s minutes', (minutes) => {
    expect(isTaken('DriftCheckMinutes', minutes)).toBe(true);
  });

  it.each(['0', '1', '2.5', '1440'])('may not be every %s minutes', (minutes) => {
    expect(isTaken('DriftCheckMinutes', minutes)).toBe(false);
  });
});

describe('After how many hours an open case is looked at again', () => {
  it.each(['0', '1', '24', '8760'])('may be %s', (hours) => {
    expect(isTaken('ReviewAfterHours', hours)).toBe(true);
  });

  it.each(['-1', '8761', 'never'])('may not be %s', (hours) => {
    expect(isTaken('ReviewAfterHours', hours)).toBe(false);
  });
});

const accessFrom = (cidrs: readonly string[]) => ({ cidrs, systemsManagerGroupIds: [] });

// AWS stores a range without its host bits and in its shortest form, and shows it so ever after.
describe('A range written as people write it is the one that AWS makes of it', () => {
  it.each([
    ['203.0.113.7/24', '203.0.113.0/24'],
    ['2001:DB8:17:0::/48', '2001:db8:17::/48'],
  ])('%s: a group with %s is closed', (written, stored) => {
    const group = { id: 'sg-1', name: 'cordon-isolation-forensic', vpcId: 'vpc-1', ownerId: '1' };
    const { forensicCidrs } = readSettings({ FORENSIC_CIDRS: written }).settings;
    const asStored = { ...group, rules: isolationRules('forensic', accessFrom([stored])) };
    expect(isClosed(asStored, isolationRules('forensic', accessFrom(forensicCidrs)))).toBe(true);
  });
});

describe('The address of the on-call', () => {
  it.each(['', 'on-call@example.com', 'sec+cordon@mail.example.co.uk'])(
    'may be "%s"',
    (address) => {
      expect(isTaken('NotificationEmail', address)).toBe(true);
    },
  );

  it.each(['on-call', '@example.com', 'a@b@example.com', 'on call@example.com', 'a@example.com '])(
    'may not be "%s"',
    (address) => {
      expect(isTaken('NotificationEmail', address)).toBe(false);
    },
  );
});

/** What CloudFormation says of parameters that do not fit together. */
const refusals = (values: Readonly<Record<string, string>>): readonly unknown[] => {
  const deployed = withParameters(template, values);
  return Object.values(template.Rules)
    .filter(({ RuleCondition }) => decides(deployed, RuleCondition))
    .flatMap(({ Assertions }) => list(Assertions as object[]))
    .filter((one) => !decides(deployed, at(one, 'Assert')))
    .map((one) => at(one, 'AssertDescription'));
};

describe('Parameters that do not fit together are refused at deploy', () => {
  const roles = 'arn:aws:iam::123456789012:role/web';

  it.each<[string, Record<string, string>, string]>([
    [
      'the forensic profile without anybody who may enter',
      { IsolationProfile: 'forensic' },
      'The profile forensic needs ForensicCidrs or ForensicSecurityGroupId.',
    ],
    [
      'revoking credentials without the roles',
      { RevokeCredentials: 'true' },
      'RevokeCredentials needs RevocableRoleArns.',
    ],
  ])('%s', (_, values, words) => {
    expect(refusals(values)).toEqual([words]);
  });

  it.each<[string, Record<string, string>]>([
    ['everything as it is', {}],
    [
      'the forensic profile with ranges',
      { IsolationProfile: 'forensic', ForensicCidrs: '10.0.0.0/8' },
    ],
    [
      'the forensic profile with a group',
      { IsolationProfile: 'forensic', ForensicSecurityGroupId: 'sg-12345678' },
    ],
    ['another profile, with nobody who may enter', { IsolationProfile: 'egress-lockdown' }],
    [
      'revoking credentials of named roles',
      { RevokeCredentials: 'true', RevocableRoleArns: roles },
    ],
    ['roles named beforehand', { RevocableRoleArns: roles }],
  ])('but not %s', (_, values) => {
    expect(refusals(values)).toEqual([]);
  });

  it('and the functions say the same of the forensic profile', () => {
    const { warnings } = readSettings({ ISOLATION_PROFILE: 'forensic' });
    expect(warnings).toEqual([
      expect.stringContaining('neither FORENSIC_CIDRS nor FORENSIC_SECURITY_GROUP_ID'),
    ]);
    for (const access of [
      { FORENSIC_CIDRS: '10.0.0.0/8' },
      { FORENSIC_SECURITY_GROUP_ID: 'sg-12345678' },
    ]) {
      expect(readSettings({ ISOLATION_PROFILE: 'forensic', ...access }).warnings).toEqual([]);
    }
  });
});
