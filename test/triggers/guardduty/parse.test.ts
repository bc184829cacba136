import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UnintelligibleEventError } from '../../../src/case/errors.ts';
import { decide } from '../../../src/triggers/decide.ts';
import { parseGuarddutyEvent } from '../../../src/triggers/guardduty/parse.ts';
import { accountId, instanceId, region } from '../../case/sample-before.ts';
import { policySettings } from '../policy-settings.ts';
import { attackSequenceOf, findingWith } from './sample-finding.ts';

const now = new Date('2026-11-20T03:00:00.000Z');

const parsed = (changes: Parameters<typeof findingWith>[0] = {}) =>
  parseGuarddutyEvent(findingWith(changes), now);

/** What becomes of the finding in the account and Region it comes from. */
const decided = (event: unknown, minimumSeverity = 7) =>
  decide(
    parseGuarddutyEvent(event, now),
    policySettings({ minimumSeverity }),
    { region, accountId },
    now,
  );

describe('a finding about an instance', () => {
  it('is reduced to what the case has to remember', () => {
    expect(parsed()).toEqual({
      trigger: {
        source: 'guardduty',
        id: 'a4c1f0e2b3d4958677a8b9c0d1e2f304',
        type: 'Backdoor:EC2/C&CActivity.B',
        severity: 8,
        at: '2026-11-20T02:57:41.000Z',
      },
      subject: {
        source: 'guardduty',
        type: 'Backdoor:EC2/C&CActivity.B',
        severity: 8,
        sample: false,
        archived: false,
        resourceRole: 'TARGET',
      },
      instances: [{ instanceId, accountId, region, tags: { Name: 'web-1' } }],
      dryRun: false,
    });
  });

  it('is dated by when it was last seen, else updated, else sent, else now', () => {
    const unseen = { service: { eventLastSeen: null } };
    expect(parsed(unseen).trigger.at).toBe('2026-11-20T02:57:42.000Z');
    const unupdated = { ...unseen, detail: { updatedAt: undefined } };
    expect(parsed(unupdated).trigger.at).toBe('2026-11-20T02:57:43.000Z');
    const unsent = { ...unupdated, envelope: { time: undefined } };
    expect(parsed(unsent).trigger.at).toBe('2026-11-20T03:00:00.000Z');
  });

  it('is about the account that the finding names: the envelope may be the administrator’s', () => {
    const [instance] = parsed({ envelope: { account: '999999999999' } }).instances;
    expect(instance?.accountId).toBe(accountId);
  });

  it('carries the tags of the instance, those without a value too', () => {
    const tags = [{ key: 'a', value: 'b=c' }, { key: 'empty', value: null }, { key: 'none' }];
    expect(parsed({ instance: { tags } }).instances[0]?.tags).toEqual({
      a: 'b=c',
      empty: '',
      none: '',
    });
    expect(parsed({ instance: { tags: null } }).instances[0]?.tags).toEqual({});
  });

  it.each(['EKSCluster', 'ECSCluster', 'Container'])(
    'is one too where runtime monitoring calls the resource %s',
    (resourceType) => {
      expect(parsed({ resource: { resourceType } }).instances).toHaveLength(1);
    },
  );

  it('is rejected where neither a type nor an instance can be read', () => {
    const event = { detail: { type: undefined, resource: null } };
    expect(() => parsed(event)).toThrow(UnintelligibleEventError);
    expect(() => parsed(event)).toThrow(/detail\.type/);
    expect(() => parseGuarddutyEvent({ ...findingWith(), detail: 'x' }, now)).toThrow(/detail/);
  });

  it('is contained although something in it is odd that decides nothing', () => {
    for (const odd of [
      { detail: { updatedAt: 'yesterday' } },
      { detail: { title: 17 } },
      { envelope: { time: 'half past three' } },
      { service: { eventLastSeen: '' } },
      { service: { resourceRole: 1 } },
      { instance: { tags: [{ key: 'Name', value: 17 }] } },
      { service: { detection: { sequence: 'none' } } },
    ]) {
      expect([odd, decided(findingWith(odd)).map(({ kind }) => kind)]).toEqual([odd, ['contain']]);
    }
  });

  it('is understood whatever else AWS adds to it, and whatever optional part it leaves out', () => {
    const optional = { withDeletedKeys: true, requiredKeys: [] as [] };
    const anything = fc.jsonValue({ maxDepth: 2 });
    const extras = fc.dictionary(
      fc.string().map((key) => `extra-${key}`),
      anything,
    );
    const parts = fc.record({
      extras,
      instance: fc.record({ tags: fc.constant(null), platform: anything }, optional),
      service: fc.record(
        {
          resourceRole: fc.constantFrom('TARGET', 'ACTOR', null),
          additionalInfo: fc.oneof(fc.constant(null), fc.constant({}), extras),
          archived: fc.constantFrom(false, null, 'false'),
          eventLastSeen: fc.constantFrom('2026-11-20T02:00:00Z', null),
          detection: fc.constantFrom(null, {}, { sequence: null }),
          action: anything,
        },
        optional,
      ),
      severity: fc.double({ min: 7, max: 10, noNaN: true }),
    });
    fc.assert(
      fc.property(parts, ({ extras: more, instance, service, severity }) => {
        const event = findingWith({
          detail: { severity, ...more },
          instance: { ...instance, ...more },
          service: { ...service, ...more },
          envelope: more,
        });
        expect(decided(event).map(({ kind }) => kind)).toEqual(['contain']);
      }),
    );
  });

  it('is understood without any service part, as old detectors send it', () => {
    expect(parsed({ detail: { service: null } }).instances).toHaveLength(1);
    expect(parsed({ detail: { service: undefined } }).instances).toHaveLength(1);
  });
});

describe('the other side of the conversation', () => {
  const remote = (ip: object) => ({
    remoteIpDetails: ip,
    localIpDetails: { ipAddressV4: '10.20.1.15' },
  });
  const addressesOf = (action: unknown) => parsed({ service: { action } }).trigger.remoteAddresses;

  it('is remembered by its addresses, IPv4 and IPv6, for the routes to it', () => {
    const networkConnectionAction = remote({
      ipAddressV4: '198.51.100.77',
      ipAddressV6: '2001:db8:bad::1',
      country: { countryName: 'Nowhere' },
    });
    expect(addressesOf({ actionType: 'NETWORK_CONNECTION', networkConnectionAction })).toEqual([
      '198.51.100.77',
      '2001:db8:bad::1',
    ]);
  });

  it('may be many in a port probe: each is named once, twenty at most', () => {
    const portProbeDetails = Array.from({ length: 100 }, (_, at) =>
      remote({ ipAddressV4: `198.51.100.${Math.floor(at / 2)}` }),
    );
    const addresses = addressesOf({ portProbeAction: { portProbeDetails } });
    expect(addresses).toHaveLength(20);
    expect(new Set(addresses).size).toBe(20);
  });

  it('is not the host itself, nor what is no address', () => {
    const networkConnectionAction = remote({ ipAddressV4: 'example.org', ipAddressV6: '' });
    expect(addressesOf({ networkConnectionAction })).toBeUndefined();
    expect(addressesOf({ dnsRequestAction: { domain: 'pool.example.org' } })).toBeUndefined();
    expect(addressesOf(null)).toBeUndefined();
  });
});

describe('a finding about something else', () => {
  it.each(['S3Bucket', 'AccessKey', 'RDSDBInstance', 'Lambda', 'EBSSnapshot'])(
    'is understood and is about no instance: %s',
    (resourceType) => {
      const event = findingWith({ detail: { resource: { resourceType } } });
      expect(parseGuarddutyEvent(event, now).instances).toEqual([]);
    },
  );

  it('does not contain the instance from which somebody touched a bucket', () => {
    const event = findingWith({
      detail: { type: 'Discovery:S3/MaliciousIPCaller' },
      resource: { resourceType: 'S3Bucket' },
    });
    expect(decided(event)).toEqual([]);
  });
});

describe('a sample finding', () => {
  const samples = [
    { service: { additionalInfo: { sample: true } } },
    { service: { additionalInfo: { sample: 'true' } } },
    { service: { additionalInfo: { type: 'default', value: '{"sample":true}' } } },
    { detail: { title: '[SAMPLE] The EC2 instance talks to a server.' } },
  ];

  it.each(samples)('is never contained: %j', (changes) => {
    for (const { kind } of decided(findingWith(changes))) expect(kind).toBe('skip');
  });

  it.each(samples)('is skipped by name, as a sample and not as something else: %j', (changes) => {
    expect(decided(findingWith(changes))).toMatchObject([
      { kind: 'skip', case: { instanceId }, reason: expect.stringContaining('sample') },
    ]);
  });

  it('is not rejected for the instance id that AWS invents for it', () => {
    const event = findingWith({
      instance: { instanceId: 'GeneratedFindingInstanceId' },
      service: { additionalInfo: { sample: true } },
    });
    for (const { kind } of decided(event)) expect(kind).toBe('skip');
  });

  it('is not seen where the value is no JSON, or says no', () => {
    for (const value of ['not JSON', '{"sample":false}', '"sample"', 'null', '[]']) {
      const additionalInfo = { type: 'default', value };
      expect(parsed({ service: { additionalInfo } }).subject.sample).toBe(false);
    }
  });
});

describe('an archived finding', () => {
  it.each([true, 'true', 'True'])('is skipped: archived is %j', (archived) => {
    expect(decided(findingWith({ service: { archived } }))).toMatchObject([
      { kind: 'skip', reason: 'The finding is archived.' },
    ]);
  });
});

describe('an attack sequence', () => {
  const second = 'i-0123456789abcdef0';

  it('names its instances by uid, plain or as an ARN, each once', () => {
    const event = attackSequenceOf([
      { uid: instanceId, resourceType: 'EC2_INSTANCE', accountId, region },
      {
        uid: `arn:aws:ec2:${region}:${accountId}:instance/${second}`,
        resourceType: 'EC2_INSTANCE',
      },
      {
        uid: `arn:aws:ec2:${region}:${accountId}:instance/${instanceId}`,
        resourceType: 'EC2_INSTANCE',
      },
    ]);
    expect(parseGuarddutyEvent(event, now).instances).toEqual([
      { instanceId, accountId, region, tags: {} },
      { instanceId: second, accountId, region, tags: {} },
    ]);
    expect(decided(event).map(({ kind }) => kind)).toEqual(['contain', 'contain']);
  });

  it('does not take the other resources for instances', () => {
    const event = attackSequenceOf([
      { uid: 'AKIAEXAMPLE', resourceType: 'ACCESS_KEY' },
      { uid: 'eni-0a1b2c3d4e5f60718', resourceType: 'EC2_NETWORK_INTERFACE' },
      { uid: 'ami-0123456789abcdef0', resourceType: 'EC2_IMAGE' },
      {
        uid: `arn:aws:iam::${accountId}:instance-profile/i-nothing`,
        resourceType: 'IAM_INSTANCE_PROFILE',
      },
    ]);
    expect(parseGuarddutyEvent(event, now).instances).toEqual([]);
  });

  it('leaves instances of other accounts and Regions, and tells', () => {
    const decisions = decided(
      attackSequenceOf([
        { uid: instanceId, resourceType: 'EC2_INSTANCE' },
        { uid: second, resourceType: 'EC2_INSTANCE', accountId: '999999999999' },
      ]),
    );
    expect(decisions).toMatchObject([{ kind: 'contain' }, { kind: 'skip', tell: true }]);
  });

  it('of credentials alone is understood, about no instance', () => {
    expect(parseGuarddutyEvent(attackSequenceOf([]), now).instances).toEqual([]);
    const bare = findingWith({ detail: { resource: { resourceType: 'AttackSequence' } } });
    expect(parseGuarddutyEvent(bare, now).instances).toEqual([]);
  });

  it('does not lose all instances to one resource that is odd', () => {
    const event = attackSequenceOf([
      { uid: instanceId, resourceType: 'EC2_INSTANCE' },
      { uid: null, resourceType: null },
      { uid: 17 },
      null,
    ]);
    expect(decided(event).map(({ kind }) => kind)).toEqual(['contain']);
  });
});

describe('credentials of an instance that were used elsewhere', () => {
  const event = findingWith({
    detail: {
      type: 'UnauthorizedAccess:IAMUser/InstanceCredentialExfiltration.OutsideAWS',
      resource: {
        resourceType: 'AccessKey',
        accessKeyDetails: { principalId: `AROAEXAMPLE:${instanceId}` },
      },
    },
  });
  const about = (containExfiltration: boolean) =>
    decide(
      parseGuarddutyEvent(event, now),
      policySettings({ containExfiltration }),
      { region, accountId },
      now,
    );

  it('name the instance: it is told, and contained only where the setting says so', () => {
    expect(about(false)).toMatchObject([{ kind: 'skip', tell: true, case: { instanceId } }]);
    expect(about(true)).toMatchObject([{ kind: 'contain', case: { instanceId } }]);
  });
});

describe('a sequence over a group of instances', () => {
  const uids = [
    instanceId,
    'i-0123456789abcdef0',
    'arn:aws:ec2:us-east-1:1:instance/i-0123456789abcdef1',
  ];
  const event = findingWith({
    detail: {
      type: 'AttackSequence:EC2/CompromisedInstanceGroup',
      severity: 9,
      resource: { resourceType: 'AttackSequence' },
      service: {
        detection: {
          sequence: {
            resources: [
              {
                uid: 'arn:aws:autoscaling:us-east-1:1:autoScalingGroup:x:autoScalingGroupName/web',
                name: 'web',
                resourceType: 'AUTOSCALING_AUTO_SCALING_GROUP',
                data: { autoscalingAutoScalingGroup: { ec2InstanceUids: uids } },
              },
            ],
          },
        },
      },
    },
  });

  it('is a case per instance, and names what they have in common', () => {
    const { instances, trigger, unread } = parseGuarddutyEvent(event, now);
    expect(instances.map((one) => one.instanceId)).toEqual([
      instanceId,
      'i-0123456789abcdef0',
      'i-0123456789abcdef1',
    ]);
    expect(trigger.commonCause).toBe('AUTOSCALING_AUTO_SCALING_GROUP web');
    expect(unread).toBeUndefined();
  });
});
