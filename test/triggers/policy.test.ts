import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Subject } from '../../src/triggers/policy.ts';
import { exemptReason, isExempt, reasonToSkip } from '../../src/triggers/policy.ts';

const subjectWith = (changes: Partial<Subject> = {}): Subject => ({
  source: 'guardduty',
  type: 'Backdoor:EC2/C&CActivity.B',
  severity: 8,
  sample: false,
  archived: false,
  ...changes,
});

const reason = (changes: Partial<Subject>, minimumSeverity = 7) =>
  reasonToSkip(subjectWith(changes), { minimumSeverity });

describe('a trigger', () => {
  it('starts a containment at MinimumSeverity and above', () => {
    expect(reason({ severity: 7 })).toBeUndefined();
    expect(reason({ severity: 9.5 })).toBeUndefined();
  });

  it('is skipped below MinimumSeverity, and the reason names both numbers', () => {
    expect(reason({ severity: 6.9 })).toBe('Its severity 6.9 is below MinimumSeverity 7.');
  });

  it('without a severity is not measured by it: an alarm has none', () => {
    expect(reason({ source: 'cloudwatch-alarm', severity: null }, 10)).toBeUndefined();
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
  it('exempts what carries exactly this key and value', () => {
    expect(isExempt({ cordon: 'exempt' }, 'cordon=exempt')).toBe(true);
    expect(isExempt({ cordon: 'Exempt' }, 'cordon=exempt')).toBe(false);
    expect(isExempt({ Cordon: 'exempt' }, 'cordon=exempt')).toBe(false);
    expect(isExempt({}, 'cordon=exempt')).toBe(false);
  });

  it('may have a value with an equals sign in it, or none', () => {
    expect(isExempt({ team: 'a=b=c' }, 'team=a=b=c')).toBe(true);
    expect(isExempt({ team: 'a' }, 'team=a=b=c')).toBe(false);
    expect(isExempt({ team: '' }, 'team=')).toBe(true);
  });

  it('exempts nobody when it is empty or no pair', () => {
    expect(isExempt({ '': '', cordon: '' }, '')).toBe(false);
    expect(isExempt({ '': 'x' }, '=x')).toBe(false);
    expect(isExempt({ cordon: '' }, 'cordon')).toBe(false);
  });

  it('is not found in what every object has', () => {
    expect(isExempt({}, `constructor=${String(Object)}`)).toBe(false);
    expect(isExempt({}, 'toString=')).toBe(false);
  });

  it('is named in the reason', () => {
    expect(exemptReason('cordon=exempt')).toContain('cordon=exempt');
  });
});
