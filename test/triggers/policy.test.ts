import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NamedInstance } from '../../src/triggers/containment-request.ts';
import { matching } from '../../src/triggers/glob.ts';
import type { PolicySettings } from '../../src/triggers/policy.ts';
import {
  exemptionOf,
  modeFor,
  reasonToAsk,
  reasonToSkip,
  reasonToSpare,
} from '../../src/triggers/policy.ts';
import { sharedByTags } from '../../src/triggers/shared-host.ts';
import type { Subject } from '../../src/triggers/subject.ts';
import { policySettings } from './policy-settings.ts';

const subjectWith = (changes: Partial<Subject> = {}): Subject => ({
  source: 'guardduty',
  type: 'Backdoor:EC2/C&CActivity.B',
  severity: 8,
  sample: false,
  archived: false,
  ...changes,
});

const reason = (
  changes: Partial<Subject>,
  minimumSeverity = 7,
  settings: Partial<PolicySettings> = {},
) => reasonToSkip(subjectWith(changes), policySettings({ minimumSeverity, ...settings }));

describe('a trigger', () => {
  it('starts a containment at MinimumSeverity and above', () => {
    expect(reason({ severity: 7 })).toBeUndefined();
    expect(reason({ severity: 9.5 })).toBeUndefined();
  });

  it('is skipped below MinimumSeverity, and the reason names both numbers', () => {
    expect(reason({ severity: 6.9 })).toBe('Its severity 6.9 is below MinimumSeverity 7.');
  });

  it('without a severity is not measured by it: an alarm has none', () => {
    const settings = { alarmNames: ['*'] };
    expect(reason({ source: 'cloudwatch-alarm', severity: null }, 10, settings)).toBeUndefined();
  });

  it('is skipped as a sample or archived, however severe', () => {
    expect(reason({ severity: 10, sample: true })).toMatch(/sample/);
    expect(reason({ severity: 10, archived: true })).toMatch(/archived/);
  });

  it('of a person is never skipped: somebody has decided already', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.double({ min: 0, max: 10 }), (a, b, severity) => {
        const changes = { source: 'manual', sample: a, archived: b, severity } as const;
        expect(reason(changes, 10)).toBeUndefined();
      }),
    );
  });
});

describe('an instance under attack', () => {
  const attempts = [
    'UnauthorizedAccess:EC2/SSHBruteForce',
    'UnauthorizedAccess:EC2/RDPBruteForce',
    'Impact:EC2/WinRMBruteForce',
    'Recon:EC2/PortProbeUnprotectedPort',
    'Recon:EC2/PortProbeEMRUnprotectedPort',
  ];

  // threat D5
  it.each(attempts)('is no compromised one: %s as TARGET is skipped at any severity', (type) => {
    expect(reason({ type, resourceRole: 'TARGET', severity: 10 }, 0)).toMatch(/target/);
  });

  it.each(attempts)('is one when it is the attacker itself: %s as ACTOR', (type) => {
    expect(reason({ type, resourceRole: 'ACTOR' })).toBeUndefined();
  });

  it('is the usual role of a command-and-control finding, which is contained all the same', () => {
    expect(reason({ resourceRole: 'TARGET' })).toBeUndefined();
    expect(
      reason({ type: 'AttackSequence:EC2/CompromisedInstanceGroup', resourceRole: 'TARGET' }),
    ).toBeUndefined();
  });
});

describe('the exempting tag', () => {
  const exempts = (tags: Readonly<Record<string, string>>, exemptTag: string): boolean =>
    exemptionOf(tags, 8, exemptTag) !== undefined;

  it('is carried where exactly this key has this value', () => {
    expect(exempts({ cordon: 'exempt' }, 'cordon=exempt')).toBe(true);
    expect(exempts({ cordon: 'Exempt' }, 'cordon=exempt')).toBe(false);
    expect(exempts({ Cordon: 'exempt' }, 'cordon=exempt')).toBe(false);
    expect(exempts({}, 'cordon=exempt')).toBe(false);
  });

  it('may have a value with an equals sign in it, or none', () => {
    expect(exempts({ team: 'a=b=c' }, 'team=a=b=c')).toBe(true);
    expect(exempts({ team: 'a' }, 'team=a=b=c')).toBe(false);
    expect(exempts({ team: '' }, 'team=')).toBe(true);
  });

  it('is nobody’s when the setting is empty or no pair', () => {
    expect(exempts({ '': '', cordon: '' }, '')).toBe(false);
    expect(exempts({ '': 'x' }, '=x')).toBe(false);
    expect(exempts({ cordon: '' }, 'cordon')).toBe(false);
  });

  it('is not found in what every object has', () => {
    expect(exempts({}, `constructor=${String(Object)}`)).toBe(false);
    expect(exempts({}, 'toString=')).toBe(false);
  });

  it('costs an attacker’s victim a question, and from severity 9 on nothing', () => {
    const tags = { cordon: 'exempt' };
    expect(exemptionOf(tags, 8.9, 'cordon=exempt')).toContain('cordon=exempt');
    expect(exemptionOf(tags, null, 'cordon=exempt')).toContain('cordon=exempt');
    expect(exemptionOf(tags, 9, 'cordon=exempt')).toBeUndefined();
  });
});

describe('a host that others share', () => {
  const asked = (
    sharedHost: NonNullable<NamedInstance['sharedHost']>,
    severity: number,
    settings: Partial<PolicySettings> = {},
  ) =>
    reasonToAsk(
      subjectWith({ severity }),
      { instanceId: 'i-0c0d0e0f0a0b0c0d1', tags: {}, sharedHost },
      policySettings(settings),
    );

  it('is asked about first, because the cut takes down the workloads of others', () => {
    expect(asked({ reason: 'r', forgeable: false }, 8)).toMatch(/Others depend on this host: r/);
  });

  it('is cut at once where ContainerHosts says contain', () => {
    const settings = { containerHosts: 'contain' } as const;
    expect(asked({ reason: 'r', forgeable: false }, 8, settings)).toBeUndefined();
  });

  it('is not believed from severity 9 on where whoever may tag could have said so', () => {
    expect(asked({ reason: 'r', forgeable: true }, 8.9)).toBeDefined();
    expect(asked({ reason: 'r', forgeable: true }, 9)).toBeUndefined();
    expect(asked({ reason: 'r', forgeable: false }, 10)).toBeDefined();
  });

  it('is known by its tags: those of AWS for sure, those of nodes as a claim', () => {
    expect(sharedByTags({ 'aws:eks:cluster-name': 'prod' })?.forgeable).toBe(false);
    for (const key of [
      'kubernetes.io/cluster/prod',
      'eks:nodegroup-name',
      'karpenter.sh/nodepool',
    ]) {
      expect(sharedByTags({ [key]: 'x' })?.forgeable, key).toBe(true);
    }
    expect(sharedByTags({ Name: 'web', 'aws:cloudformation:stack-name': 'eks' })).toBeUndefined();
  });
});

describe('the mode', () => {
  it('is that of the band where it has one of its own, else that for all', () => {
    const settings = policySettings({
      mode: 'ask',
      modeBySeverity: { critical: 'contain', low: 'observe' },
    });
    expect([10, 9, 8.9, 7, 4, 3.9, 0, null].map((severity) => modeFor(severity, settings))).toEqual(
      ['contain', 'contain', 'ask', 'ask', 'ask', 'observe', 'observe', 'ask'],
    );
  });
});

describe('finding types', () => {
  it('are taken by patterns, and ExcludeTypes wins over IncludeTypes', () => {
    const settings = {
      includeTypes: ['*:EC2/*', '*:Runtime/*'],
      excludeTypes: ['Backdoor:EC2/C&C*'],
    };
    expect(reason({ type: 'Trojan:EC2/DropPoint' }, 7, settings)).toBeUndefined();
    expect(reason({ type: 'Backdoor:EC2/C&CActivity.B' }, 7, settings)).toMatch(/ExcludeTypes/);
    expect(reason({ type: 'Policy:S3/Something' }, 7, settings)).toMatch(/IncludeTypes/);
  });

  it('match as they are written: signs of regular expressions mean themselves', () => {
    expect(
      matching(['Trojan:EC2/DGADomainRequest.C!DNS'], 'Trojan:EC2/DGADomainRequestXC!DNS'),
    ).toBeUndefined();
    expect(matching(['a?c'], 'abc')).toBe('a?c');
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(matching(['*'], text)).toBe('*');
        if (!/[*?]/.test(text)) expect(matching([text], text)).toBe(text);
      }),
    );
  });
});

describe('an alarm', () => {
  const alarm = { source: 'cloudwatch-alarm', type: 'web-outbound', severity: null } as const;

  it('is no evidence by itself: nobody is contained for one that AlarmNames does not name', () => {
    expect(reason(alarm)).toMatch(/no evidence by itself/);
    expect(reason(alarm, 7, { alarmNames: ['web-*'] })).toBeUndefined();
  });
});

describe('an account', () => {
  it('is exempted by the setting alone, and people are told', () => {
    const instance = { instanceId: 'i-0c0d0e0f0a0b0c0d1', accountId: '111122223333', tags: {} };
    const spared = (exemptAccounts: readonly string[]) =>
      reasonToSpare(subjectWith(), instance, policySettings({ exemptAccounts }));
    expect(spared(['111122223333'])).toContain('111122223333');
    expect(spared(['444455556666'])).toBeUndefined();
  });
});
