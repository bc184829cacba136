import { describe, expect, it } from 'vitest';
import type { ContainmentRequest } from '../../src/triggers/containment-request.ts';
import type { Place } from '../../src/triggers/decide.ts';
import { decide, strictest } from '../../src/triggers/decide.ts';
import type { PolicySettings } from '../../src/triggers/policy.ts';
import { accountId, instanceId, region } from '../case/sample-before.ts';
import { manualTrigger, triggerWith } from '../case/sample-report.ts';
import { policySettings } from './policy-settings.ts';

const now = new Date('2026-11-20T03:07:00.000Z');

const requestWith = (changes: Partial<ContainmentRequest> = {}): ContainmentRequest => ({
  trigger: triggerWith(),
  subject: {
    source: 'guardduty',
    type: 'Backdoor:EC2/C&CActivity.B',
    severity: 8,
    sample: false,
    archived: false,
  },
  instances: [{ instanceId, accountId, region, tags: {} }],
  dryRun: false,
  ...changes,
});

const manual: Partial<ContainmentRequest> = {
  trigger: manualTrigger,
  subject: { source: 'manual', type: 'manual', severity: null, sample: false, archived: false },
};

const decided = (
  changes: Partial<ContainmentRequest> = {},
  settings: Partial<PolicySettings> = {},
  place: Place = { region, accountId },
) =>
  decide(
    requestWith(changes),
    policySettings({ exemptTag: 'cordon=exempt', ...settings }),
    place,
    now,
  );

describe('what happens to an instance that a trigger names', () => {
  it('is containment, under the id of these ten minutes', () => {
    expect(decided()).toEqual([
      {
        kind: 'contain',
        case: {
          caseId: `20261120T0300Z-${instanceId}`,
          instanceId,
          accountId,
          region,
          trigger: triggerWith(),
          dryRun: false,
        },
        reason: 'Its severity 8 is not below MinimumSeverity 7.',
      },
    ]);
  });

  it('is under the profile that was asked for, and the setting decides where none was', () => {
    const asked: Partial<ContainmentRequest> = { ...manual, isolationProfile: 'egress-lockdown' };
    expect(decided(asked)).toMatchObject([{ case: { isolationProfile: 'egress-lockdown' } }]);
    expect(decided(manual)[0]?.case).not.toHaveProperty('isolationProfile');
  });

  it.each([
    [
      'a tag that only Auto Scaling writes',
      { tags: { 'aws:autoscaling:groupName': 'web' } },
      'web',
    ],
    ['the group of a sequence', { tags: {}, autoScalingGroup: 'db' }, 'db'],
    ['a tag that anybody could write', { tags: { groupName: 'web' } }, undefined],
  ])('knows its Auto Scaling group, for the brake, by %s', (_, named, group) => {
    const [decision] = decided({ instances: [{ instanceId, accountId, region, ...named }] });
    expect(decision?.case.autoScalingGroup).toBe(group);
  });

  it('is decided for each of them', () => {
    const instances = [
      { instanceId, tags: {} },
      { instanceId: 'i-0123456789abcdef0', tags: { cordon: 'exempt' } },
      { instanceId: 'i-0123456789abcdef1', region: 'eu-central-1', tags: {} },
    ];
    expect(decided({ instances }).map(({ kind }) => kind)).toEqual(['contain', 'ask', 'skip']);
  });

  it('is nothing where none is named', () => {
    expect(decided({ instances: [] })).toEqual([]);
  });
});

describe('several findings about one instance', () => {
  const of = (severity: number, changes: Partial<PolicySettings> = {}) =>
    decided(
      {
        trigger: triggerWith({ severity }),
        subject: { ...requestWith().subject, severity },
      },
      changes,
    );

  it('are contained for the most severe of them, in whatever order they come', () => {
    for (const all of [
      [...of(8), ...of(9.5)],
      [...of(9.5), ...of(8)],
    ]) {
      expect(strictest(all)).toMatchObject([{ case: { trigger: { severity: 9.5 } } }]);
    }
  });

  it('are cut, or asked about, where one of them is only observed', () => {
    const observed = of(7, { mode: 'observe' });
    expect(strictest([...observed, ...of(9)])).toMatchObject([
      { kind: 'contain', case: { dryRun: false } },
    ]);
    expect(strictest([...observed, ...of(8, { mode: 'ask' })])).toMatchObject([{ kind: 'ask' }]);
  });
});

describe('Mode=observe', () => {
  it('only rehearses what arrives by itself', () => {
    expect(decided({}, { mode: 'observe' })).toMatchObject([{ case: { dryRun: true } }]);
  });

  it('does not hold a person up, who contains unless asking for a dry run', () => {
    expect(decided(manual, { mode: 'observe' })).toMatchObject([{ case: { dryRun: false } }]);
    expect(decided({ ...manual, dryRun: true }, { mode: 'contain' })).toMatchObject([
      { case: { dryRun: true } },
    ]);
  });
});

describe('an instance that is left alone', () => {
  it('by policy is not worth waking anybody', () => {
    expect(decided({}, { minimumSeverity: 9 })).toMatchObject([
      { kind: 'skip', tell: false, reason: expect.stringContaining('MinimumSeverity 9') },
    ]);
  });

  it('because of its exempting tag is asked about', () => {
    const instances = [{ instanceId, tags: { cordon: 'exempt' } }];
    expect(decided({ instances })).toMatchObject([
      { kind: 'ask', reason: expect.stringContaining('cordon=exempt') },
    ]);
  });

  it('in another Region or account is told, with both names', () => {
    const abroad = decided({ instances: [{ instanceId, region: 'eu-central-1', tags: {} }] });
    expect(abroad).toMatchObject([{ kind: 'skip', tell: true }]);
    expect(abroad[0]).toHaveProperty('reason', expect.stringMatching(/eu-central-1.*us-east-1/));
    const foreign = decided({ instances: [{ instanceId, accountId: '999999999999', tags: {} }] });
    expect(foreign[0]).toHaveProperty(
      'reason',
      expect.stringMatching(/999999999999.*123456789012/),
    );
  });
});

describe('a person', () => {
  // threat D1
  it('is not stopped by severity nor by the exempting tag', () => {
    const instances = [{ instanceId, tags: { cordon: 'exempt' } }];
    expect(decided({ ...manual, instances }, { minimumSeverity: 10 })).toMatchObject([
      { kind: 'contain' },
    ]);
  });

  it('cannot contain in another Region than Cordon works in', () => {
    const instances = [{ instanceId, region: 'eu-central-1', tags: {} }];
    expect(decided({ ...manual, instances })).toMatchObject([{ kind: 'skip', tell: true }]);
  });

  it('may leave the account to be found out by hand', () => {
    const instances = [{ instanceId, accountId: '999999999999', tags: {} }];
    expect(decided({ ...manual, instances }, {}, { region })).toMatchObject([
      { kind: 'contain', case: { accountId: '999999999999', region } },
    ]);
    const unknown = [{ instanceId, tags: {} }];
    expect(decided({ ...manual, instances: unknown }, {}, { region })).toMatchObject([
      { kind: 'contain', case: { accountId: '' } },
    ]);
  });
});
