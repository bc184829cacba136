import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reinforcementNamed, reinforcementNames } from '../../src/actions/index.ts';
import { InvalidSettingsError } from '../../src/case/errors.ts';
import { isClosed, isolationRules } from '../../src/case/isolation-group.ts';
import type { Rule } from '../../src/case/security-group.ts';
import { variables } from '../../src/settings/setting-variables.ts';
import { allowancesOf, readSettings } from '../../src/settings/settings.ts';

const topic = 'arn:aws:sns:us-east-1:123456789012:cordon';

const key = 'arn:aws:kms:us-east-1:123456789012:key/0a1b2c3d-1111-2222-3333-444455556666';

const complete = {
  MODE: 'contain',
  NOTIFICATION_TOPIC_ARN: topic,
  CHAT_TOPIC_ARN: `${topic}-chat`,
  TRAIL_KEY_ARN: key,
  MINIMUM_SEVERITY: '4.5',
  CONNECTION_CUT: 'none',
  TRANSITION_HOLD_SECONDS: '0',
  ISOLATION_PROFILE: 'forensic',
  FORENSIC_CIDRS: '203.0.113.0/24, 2001:db8::/32',
  FORENSIC_SECURITY_GROUP_ID: 'sg-0123456789abcdef0',
  FORENSIC_UPLOAD_BUCKET: 'evidence.example-1',
  EGRESS_ALLOW_LIST: 'tcp/443:pl-6da54004, tcp/5432-5433:sg-0123456789abcdef0',
  DETACH_MODE: 'standby',
  NACL_DENY: 'true',
  NACL_ALLOW_LIST: '10.0.0.0/8',
  DISASSOCIATE_ADDRESSES: 'true',
  DISABLE_IMDS: 'true',
  REVOKE_CREDENTIALS: 'true',
  DISASSOCIATE_PROFILE: 'true',
  HOST_CUT: 'true',
  HOST_DOCUMENT_NAME: 'cordon-HostDocument-1A2b',
  FLOW_LOGS: 'true',
  MIRROR_TARGET_ID: 'tmt-0123456789abcdef0',
  SNAPSHOT_LOCK: 'compliance',
  SNAPSHOT_LOCK_DAYS: '90',
  FORENSIC_ACCOUNT_ID: '444455556666',
  FORENSIC_KMS_KEY_ARN: key,
  TOOLKIT_SNAPSHOT_ID: 'snap-0123456789abcdef0',
  MEMORY_FIRST_MINUTES: '10',
  ON_DRIFT: 'enforce',
  REVIEW_AFTER_HOURS: '12',
  EXEMPT_TAG: 'cordon=exempt',
  MODE_BY_SEVERITY: 'high=ask, critical=contain',
  INCLUDE_TYPES: '*:EC2/*, *:Runtime/*',
  EXCLUDE_TYPES: 'Recon:*',
  ALARM_NAMES: 'outbound *, dns-*',
  EXEMPT_ACCOUNTS: '111122223333, 444455556666',
  BRAKE_CASES_PER_HOUR: '12',
  BRAKE_GROUP_PERCENT: '25',
  ASK_TIMEOUT_MINUTES: '30',
  ASK_DEFAULT: 'leave-open',
  CONTAINER_HOSTS: 'contain',
  CONTAIN_EXFILTRATION: 'true',
  UPDATE_SECURITY_HUB: 'true',
};

const wrong = {
  MODE: 'Contain',
  NOTIFICATION_TOPIC_ARN: 'arn:aws:sqs:us-east-1:123456789012:cordon',
  CHAT_TOPIC_ARN: 'arn:aws:chatbot::123456789012:chat-configuration/slack-channel/x',
  TRAIL_KEY_ARN: 'arn:aws:kms:us-east-1:123456789012:alias/cordon',
  MINIMUM_SEVERITY: 'high',
  CONNECTION_CUT: 'yes',
  TRANSITION_HOLD_SECONDS: '61',
  ISOLATION_PROFILE: 'FULL',
  FORENSIC_CIDRS: '0.0.0.0/0',
  FORENSIC_SECURITY_GROUP_ID: 'responders',
  FORENSIC_UPLOAD_BUCKET: 's3://evidence',
  EGRESS_ALLOW_LIST: 'tcp/443:0.0.0.0/0',
  DETACH_MODE: 'Standby',
  NACL_DENY: 'yes',
  NACL_ALLOW_LIST: '::/0',
  DISASSOCIATE_ADDRESSES: '1',
  DISABLE_IMDS: 'True',
  REVOKE_CREDENTIALS: 'on',
  DISASSOCIATE_PROFILE: 'DisassociateProfile',
  HOST_CUT: 'HostCut',
  HOST_DOCUMENT_NAME: 'no document',
  FLOW_LOGS: 'all',
  MIRROR_TARGET_ID: 'eni-0123456789abcdef0',
  SNAPSHOT_LOCK: 'true',
  SNAPSHOT_LOCK_DAYS: '0',
  FORENSIC_ACCOUNT_ID: 'forensics',
  FORENSIC_KMS_KEY_ARN: 'alias/forensics',
  TOOLKIT_SNAPSHOT_ID: 'vol-0123456789abcdef0',
  MEMORY_FIRST_MINUTES: '61',
  ON_DRIFT: 'isolate',
  REVIEW_AFTER_HOURS: 'never',
  EXEMPT_TAG: 'exempt',
  MODE_BY_SEVERITY: 'high=maybe',
  INCLUDE_TYPES: '*:EC2/* and *:Runtime/*',
  EXCLUDE_TYPES: '^Recon',
  ALARM_NAMES: 'bell\u0007',
  EXEMPT_ACCOUNTS: '1111',
  BRAKE_CASES_PER_HOUR: '0',
  BRAKE_GROUP_PERCENT: '0',
  ASK_TIMEOUT_MINUTES: '0',
  ASK_DEFAULT: 'refuse',
  CONTAINER_HOSTS: 'skip',
  CONTAIN_EXFILTRATION: 'yes',
  UPDATE_SECURITY_HUB: 'yes',
};

const names = Object.keys(complete);

/** What the steps work with where a variable is empty, or not understood. */
const defaults = {
  notificationTopicArn: '',
  chatTopicArn: '',
  trailKeyArn: '',
  hostDocumentName: '',
  minimumSeverity: 7,
  connectionCut: 'transition',
  transitionHoldSeconds: 1,
  isolationProfile: 'full',
  forensicCidrs: [],
  forensicSecurityGroupId: '',
  forensicUploadBucket: '',
  egressAllowList: [],
  detachMode: 'detach',
  naclAllowList: [],
  optedInto: [],
  flowLogs: false,
  mirrorTargetId: '',
  snapshotLock: 'none',
  snapshotLockDays: 365,
  forensicAccountId: '',
  forensicKmsKeyArn: '',
  toolkitSnapshotId: '',
  memoryFirstMinutes: 0,
  onDrift: 'alert',
  reviewAfterHours: 24,
  exemptTag: '',
  modeBySeverity: {},
  includeTypes: [],
  excludeTypes: [],
  alarmNames: [],
  exemptAccounts: [],
  brakeCasesPerHour: 5,
  containerHosts: 'ask',
  brakeGroupPercent: 50,
  updateSecurityHub: false,
  askTimeoutMinutes: 15,
  askDefault: 'contain',
  containExfiltration: false,
};

/** As on the on-call's machine. */
const byHand = (environment: Record<string, string> = {}) =>
  readSettings({ AWS_SAM_LOCAL: 'true', ...environment });

const refusal = (environment: Record<string, string>): string => {
  try {
    byHand(environment);
    return 'not refused';
  } catch (error) {
    if (error instanceof InvalidSettingsError) return error.message;
    throw error;
  }
};

describe('the settings', () => {
  it('are all tried here, those of the actions too', () => {
    const optIns = reinforcementNames.flatMap((name) => reinforcementNamed(name).optIn ?? []);
    expect(names.toSorted()).toEqual([...Object.keys(variables), ...optIns].toSorted());
    expect(Object.keys(wrong).toSorted()).toEqual(names.toSorted());
  });

  it('are read from the environment', () => {
    expect(readSettings(complete)).toEqual({
      settings: {
        mode: 'contain',
        notificationTopicArn: topic,
        chatTopicArn: `${topic}-chat`,
        trailKeyArn: key,
        minimumSeverity: 4.5,
        connectionCut: 'none',
        transitionHoldSeconds: 0,
        isolationProfile: 'forensic',
        forensicCidrs: ['203.0.113.0/24', '2001:db8::/32'],
        forensicSecurityGroupId: 'sg-0123456789abcdef0',
        forensicUploadBucket: 'evidence.example-1',
        egressAllowList: [
          {
            direction: 'egress',
            protocol: 'tcp',
            fromPort: 443,
            toPort: 443,
            peer: { kind: 'prefix-list', id: 'pl-6da54004' },
          },
          {
            direction: 'egress',
            protocol: 'tcp',
            fromPort: 5432,
            toPort: 5433,
            peer: { kind: 'group', id: 'sg-0123456789abcdef0' },
          },
        ],
        detachMode: 'standby',
        naclAllowList: ['10.0.0.0/8'],
        optedInto: [
          'nacl-deny',
          'disassociate-addresses',
          'disable-imds',
          'revoke-credentials',
          'disassociate-profile',
          'host-cut',
        ],
        hostDocumentName: 'cordon-HostDocument-1A2b',
        flowLogs: true,
        mirrorTargetId: 'tmt-0123456789abcdef0',
        snapshotLock: 'compliance',
        snapshotLockDays: 90,
        forensicAccountId: '444455556666',
        forensicKmsKeyArn: key,
        toolkitSnapshotId: 'snap-0123456789abcdef0',
        memoryFirstMinutes: 10,
        onDrift: 'enforce',
        reviewAfterHours: 12,
        exemptTag: 'cordon=exempt',
        modeBySeverity: { high: 'ask', critical: 'contain' },
        includeTypes: ['*:EC2/*', '*:Runtime/*'],
        excludeTypes: ['Recon:*'],
        alarmNames: ['outbound *', 'dns-*'],
        exemptAccounts: ['111122223333', '444455556666'],
        brakeCasesPerHour: 12,
        brakeGroupPercent: 25,
        updateSecurityHub: true,
        askTimeoutMinutes: 30,
        askDefault: 'leave-open',
        containerHosts: 'contain',
        containExfiltration: true,
      },
      warnings: [],
    });
  });

  it('are the documented defaults where nothing is set, without a warning', () => {
    const empty = Object.fromEntries(names.map((name) => [name, ' ']));
    for (const environment of [{}, empty]) {
      expect(readSettings(environment)).toEqual({
        settings: { mode: 'observe', ...defaults },
        warnings: [],
      });
    }
  });

  it('take topics of every partition', () => {
    for (const partition of ['aws', 'aws-cn', 'aws-us-gov']) {
      const NOTIFICATION_TOPIC_ARN = topic.replace('aws', partition);
      expect(readSettings({ NOTIFICATION_TOPIC_ARN }).settings.notificationTopicArn).toBe(
        NOTIFICATION_TOPIC_ARN,
      );
    }
  });

  it('take an exempting tag whose value has equals signs, or is empty', () => {
    for (const EXEMPT_TAG of ['team=a=b=c', 'team=']) {
      expect(readSettings({ EXEMPT_TAG })).toMatchObject({
        settings: { exemptTag: EXEMPT_TAG },
        warnings: [],
      });
    }
  });
});

describe('in Lambda', () => {
  it('a typo does not cost the cut: the default is used, and a warning names the variable', () => {
    const { settings, warnings } = readSettings(wrong);
    expect(settings).toEqual({ mode: 'observe', ...defaults });
    expect(warnings).toHaveLength(names.length);
    for (const [name, value] of Object.entries(wrong)) {
      const warning = warnings.find((one) => one.startsWith(`${name} `));
      expect(warning).toContain(`"${value}"`);
      expect(warning).toContain('accepted is');
    }
  });

  it('one typo leaves the other settings as they are', () => {
    const { settings, warnings } = readSettings({ ...complete, MINIMUM_SEVERITY: '11' });
    expect(warnings).toHaveLength(1);
    expect(settings).toMatchObject({ mode: 'contain', minimumSeverity: 7, connectionCut: 'none' });
  });

  it('the forensic profile without anybody who may enter is worth a warning', () => {
    const { settings, warnings } = readSettings({ ISOLATION_PROFILE: 'forensic' });
    expect(settings.isolationProfile).toBe('forensic');
    expect(warnings).toEqual([expect.stringContaining('FORENSIC_CIDRS')]);
  });

  it.each([
    ['their addresses', { FORENSIC_CIDRS: '203.0.113.0/24' }],
    ['their security group', { FORENSIC_SECURITY_GROUP_ID: 'sg-0123456789abcdef0' }],
  ])('the forensic profile needs no more of the responders than %s', (_what, environment) => {
    const reading = readSettings({ ISOLATION_PROFILE: 'forensic', ...environment });
    expect(reading.warnings).toEqual([]);
  });

  it('nothing is ever thrown, and every setting has a value that the steps can work with', () => {
    const values = fc.oneof(fc.string(), fc.constantFrom(...Object.values(complete)));
    const environments = fc.record(Object.fromEntries(names.map((name) => [name, values])), {
      requiredKeys: [],
    });
    fc.assert(
      fc.property(environments, (environment) => {
        const { settings } = readSettings(environment);
        expect(['observe', 'contain']).toContain(settings.mode);
        expect(settings.minimumSeverity >= 0 && settings.minimumSeverity <= 10).toBe(true);
        expect(settings.transitionHoldSeconds >= 0 && settings.transitionHoldSeconds <= 60).toBe(
          true,
        );
        for (const everybody of ['0.0.0.0/0', '::/0']) {
          expect(settings.forensicCidrs).not.toContain(everybody);
          expect(settings.naclAllowList).not.toContain(everybody);
        }
        for (const rule of settings.egressAllowList) expect(rule.direction).toBe('egress');
        expect(['full', 'forensic', 'egress-lockdown']).toContain(settings.isolationProfile);
        expect(['detach', 'standby']).toContain(settings.detachMode);
        expect(['alert', 'enforce']).toContain(settings.onDrift);
        expect(settings.reviewAfterHours).toBeGreaterThanOrEqual(0);
        for (const name of settings.optedInto) expect(reinforcementNames).toContain(name);
      }),
    );
  });
});

describe('by hand', () => {
  it('every wrong variable is named in one message', () => {
    const message = refusal(wrong);
    for (const name of names) expect(message).toContain(`${name} is "`);
  });

  it('only the wrong ones are named', () => {
    const message = refusal({ ...complete, CONNECTION_CUT: 'yes' });
    expect(message).toBe('CONNECTION_CUT is "yes"; accepted is transition or none.');
  });

  it('Mode governs what arrives by itself, so a person without it contains', () => {
    expect(byHand().settings.mode).toBe('contain');
    expect(byHand({ MODE: 'observe' }).settings.mode).toBe('observe');
  });

  it('the words that sam local leaves for a reference count as empty', () => {
    const { settings, warnings } = byHand({
      MODE: 'Mode',
      NOTIFICATION_TOPIC_ARN: 'NotificationTopic',
      CHAT_TOPIC_ARN: 'ChatTopic',
    });
    expect(settings).toMatchObject({ mode: 'contain', notificationTopicArn: '', chatTopicArn: '' });
    expect(warnings).toEqual([]);
  });

  it('a topic that is no ARN counts as empty, one that is meant to be an ARN is checked', () => {
    expect(byHand({ NOTIFICATION_TOPIC_ARN: 'cordon' }).settings.notificationTopicArn).toBe('');
    expect(refusal({ NOTIFICATION_TOPIC_ARN: 'arn:cordon' })).toContain('NOTIFICATION_TOPIC_ARN');
    expect(byHand({ NOTIFICATION_TOPIC_ARN: topic }).settings.notificationTopicArn).toBe(topic);
  });
});

describe('the ranges that may enter under the profile forensic', () => {
  const read = (FORENSIC_CIDRS: string) => readSettings({ FORENSIC_CIDRS });

  it('are separated by commas, with or without spaces', () => {
    expect(read(' 203.0.113.7/32 ,2001:db8::/32,').settings.forensicCidrs).toEqual([
      '203.0.113.7/32',
      '2001:db8::/32',
    ]);
  });

  it.each(['0.0.0.0/0', '::/0', '203.0.113.7', '203.0.113.0/33', 'office'])(
    'are never %s',
    (cidr) => {
      expect(read(cidr)).toMatchObject({
        settings: { forensicCidrs: [] },
        warnings: [expect.stringContaining('FORENSIC_CIDRS')],
      });
    },
  );

  /** AWS stores the canonical form: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpRange.html */
  it.each([
    ['203.0.113.77/24', '203.0.113.0/24'],
    ['2001:DB8::/32', '2001:db8::/32'],
    ['2001:0db8:0000::/48', '2001:db8::/48'],
    ['2001:db8::1/64', '2001:db8::/64'],
  ])('written as %s do not make the group look open that AWS gives back with %s', (typed, kept) => {
    const asRead = [22, 3389].map(
      (port): Rule => ({
        direction: 'ingress',
        protocol: 'tcp',
        fromPort: port,
        toPort: port,
        peer: { kind: kept.includes(':') ? 'ipv6' : 'ipv4', cidr: kept },
      }),
    );
    const group = {
      id: 'sg-0000000000000000a',
      name: 'cordon-isolation-forensic',
      vpcId: 'vpc-0123456789abcdef0',
      ownerId: '123456789012',
      rules: asRead,
    };
    expect(
      isClosed(group, isolationRules('forensic', allowancesOf(read(typed).settings).access)),
    ).toBe(true);
  });
});

describe('the profiles', () => {
  it.each(['full', 'forensic', 'egress-lockdown'])('are called %s', (ISOLATION_PROFILE) => {
    const { settings } = readSettings({ ISOLATION_PROFILE });
    expect(settings.isolationProfile).toBe(ISOLATION_PROFILE);
  });

  it('are named in the refusal of a typo', () => {
    expect(refusal({ ISOLATION_PROFILE: 'lockdown' })).toBe(
      'ISOLATION_PROFILE is "lockdown"; accepted is full or forensic or egress-lockdown.',
    );
  });
});

describe('the security group of the responders', () => {
  it.each(['sg-0123abcd', 'sg-0123456789abcdef0'])('may be %s', (id) => {
    const { settings } = readSettings({ FORENSIC_SECURITY_GROUP_ID: id });
    expect(settings.forensicSecurityGroupId).toBe(id);
  });

  it.each(['sg-web', '0123abcd', 'sg-0123456789abcdef0,sg-0123abcd', 'sg-0123456789ABCDEF0'])(
    'is never %s',
    (id) => {
      expect(readSettings({ FORENSIC_SECURITY_GROUP_ID: id })).toMatchObject({
        settings: { forensicSecurityGroupId: '' },
        warnings: [expect.stringContaining('FORENSIC_SECURITY_GROUP_ID')],
      });
    },
  );
});

describe('the evidence bucket', () => {
  it.each(['evidence', 'evidence-111122223333-eu-central-1', 'evidence.example.org', 'abc'])(
    'may be %s',
    (FORENSIC_UPLOAD_BUCKET) => {
      expect(readSettings({ FORENSIC_UPLOAD_BUCKET }).settings.forensicUploadBucket).toBe(
        FORENSIC_UPLOAD_BUCKET,
      );
    },
  );

  // It stands in ARNs and is compared with them: nothing in it may match more than itself.
  it.each([
    '*',
    'evidence*',
    'evidence/cases',
    'arn:aws:s3:::evidence',
    'Evidence',
    '-evidence',
    'ab',
  ])('is never %s', (FORENSIC_UPLOAD_BUCKET) => {
    expect(readSettings({ FORENSIC_UPLOAD_BUCKET })).toMatchObject({
      settings: { forensicUploadBucket: '' },
      warnings: [expect.stringContaining('FORENSIC_UPLOAD_BUCKET')],
    });
  });
});

describe('the ways out that a serving host keeps', () => {
  it('are none when one of them is not understood: nothing is opened by a typo', () => {
    const { settings, warnings } = readSettings({
      EGRESS_ALLOW_LIST: 'tcp/443:10.0.0.0/16,tcp/443:everywhere',
    });
    expect(settings.egressAllowList).toEqual([]);
    expect(warnings).toEqual([expect.stringContaining('EGRESS_ALLOW_LIST')]);
  });

  it('may be separated by spaces as well as by commas', () => {
    const list = 'tcp/443:10.0.0.0/16  udp/53:10.0.0.2/32 ,tcp/5432:sg-0123abcd,';
    expect(readSettings({ EGRESS_ALLOW_LIST: list }).settings.egressAllowList).toHaveLength(3);
  });
});

describe('a cut that has to be chosen', () => {
  const optIns = reinforcementNames.flatMap((name) => {
    const { optIn } = reinforcementNamed(name);
    return optIn === undefined ? [] : [[optIn, name] as const];
  });

  it.each(optIns)('is switched by %s, and by the word true alone', (variable, name) => {
    expect(readSettings({ [variable]: 'true' }).settings.optedInto).toEqual([name]);
    for (const word of ['false', '', 'TRUE', 'yes', '1']) {
      expect(readSettings({ [variable]: word }).settings.optedInto).toEqual([]);
    }
  });
});

describe('what the settings alone say of the rules of groups', () => {
  it('names the responders, and nothing that only the VPC can tell', () => {
    expect(allowancesOf(readSettings(complete).settings)).toMatchObject({
      access: {
        cidrs: ['203.0.113.0/24', '2001:db8::/32'],
        securityGroupId: 'sg-0123456789abcdef0',
        systemsManagerGroupIds: [],
      },
      egressAllowList: [{ protocol: 'tcp' }, { protocol: 'tcp' }],
    });
    expect(allowancesOf(readSettings({}).settings)).toEqual({
      access: { cidrs: [], systemsManagerGroupIds: [] },
      egressAllowList: [],
    });
  });
});
