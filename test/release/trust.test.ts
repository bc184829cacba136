import { describe, expect, it } from 'vitest';
import { ReleaseRefusedError } from '../../src/case/errors.ts';
import type { Former } from '../../src/case/former.ts';
import { rulesDigest } from '../../src/case/rules-digest.ts';
import type { Rule, SecurityGroup } from '../../src/case/security-group.ts';
import type { Seals } from '../../src/record/trail/seal/judge-trail.ts';
import { changedGroups, unknownGroups } from '../../src/release/changed-groups.ts';
import type { Releasable } from '../../src/release/find-released.ts';
import type { Trust } from '../../src/release/require-trust.ts';
import { requireTrust } from '../../src/release/require-trust.ts';
import {
  aBefore,
  aCase,
  anInstance,
  anInterface,
  caseId,
  everything,
  firstInterface,
  instanceId,
  webGroup,
} from '../steps/sample-instance.ts';

const https: Rule = {
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: 443,
  toPort: 443,
  peer: { kind: 'ipv4', cidr: '10.0.0.0/8' },
};

const web = (rules: readonly Rule[]): SecurityGroup => ({
  id: webGroup,
  name: 'web',
  vpcId: 'vpc-0000000000000000a',
  ownerId: '111122223333',
  rules,
});

const former = (rules?: readonly (string | undefined)[]): Former => ({
  suspendedProcesses: [],
  targets: [],
  loadBalancers: [],
  interfaces: {
    [firstInterface]: { groups: [webGroup], ...(rules === undefined ? {} : { rules }) },
  },
  volumes: [],
});

const original = web([https, everything('egress', '0.0.0.0/0')]);
const then = former([rulesDigest(original)]);

describe('An original group', () => {
  it('that is as it was is given back', () => {
    const reordered = web(original.rules.toReversed());
    expect(changedGroups(then, [reordered])).toEqual([]);
    expect(unknownGroups(then, [reordered])).toEqual([]);
  });

  it('that somebody has opened meanwhile is shown with the rules that it has now', () => {
    const opened = web([...original.rules, everything('ingress', '0.0.0.0/0')]);
    expect(changedGroups(then, [opened])).toEqual([
      {
        id: webGroup,
        rules: expect.arrayContaining(['ingress -1 all 0.0.0.0/0']),
      },
    ]);
  });

  it('of which nobody knows how it was is named', () => {
    for (const unknown of [former(), former([undefined])]) {
      expect(changedGroups(unknown, [original])).toEqual([]);
      expect(unknownGroups(unknown, [original])).toEqual([webGroup]);
    }
  });
});

interface Doubt {
  readonly seals?: Seals;
  readonly changed?: Releasable['changed'];
}

const releasable = ({ seals = {}, changed = [] }: Doubt): Releasable => {
  const tagged = anInterface({ cordonTags: { 'cordon:original-groups': webGroup } });
  const before = aBefore({
    instance: anInstance({ networkInterfaces: [tagged] }),
  });
  const found = { case: aCase(), before, seals, interfaceTags: new Map() };
  return {
    found,
    caseId,
    changed,
    knowledge: { former: then },
  } as unknown as Releasable;
};

/** What a person is told; empty where the release may begin. */
const refusal = (doubt: Doubt, trust: Trust = {}): string => {
  try {
    requireTrust(releasable(doubt), trust);
    return '';
  } catch (error) {
    if (error instanceof ReleaseRefusedError) return error.message;
    throw error;
  }
};

const sealOf = (state: 'sealed' | 'broken' | 'replayed' | 'copied' | 'unsealed', id: string) => ({
  seals: { [id]: { state, why: 'so' } },
});

describe('A release', () => {
  it('believes what is sealed', () => {
    expect(refusal(sealOf('sealed', firstInterface))).toBe('');
  });

  it.each(['unsealed'] as const)(
    'needs --trust-tags for what is %s, and no other flag',
    (state) => {
      const doubt = sealOf(state, firstInterface);
      expect(refusal(doubt)).toContain('say --trust-tags');
      expect(refusal(doubt, { trustGroups: true })).not.toBe('');
      expect(refusal(doubt, { trustTags: true })).toBe('');
    },
  );

  it.each(['broken', 'replayed', 'copied'] as const)(
    'restores nothing that is %s, whatever flag is said, but groups that a person names',
    (state) => {
      const doubt = sealOf(state, firstInterface);
      expect(refusal(doubt, { trustTags: true, trustGroups: true })).toContain(
        `${firstInterface} is ${state}`,
      );
      expect(refusal(doubt, { groups: { [firstInterface]: [webGroup] } })).toBe('');
    },
  );

  it('restores nothing of an instance whose seal is broken but the network, by hand', () => {
    const doubt = sealOf('broken', instanceId);
    expect(refusal(doubt)).toContain('--only network --groups');
    expect(refusal(doubt, { only: ['network'] })).toBe('');
  });

  // threat C15
  it('gives groups that were changed back only to a person who has looked at them', () => {
    const doubt = { changed: [{ id: webGroup, rules: ['ingress -1 all 0.0.0.0/0'] }] };
    expect(refusal(doubt)).toContain(`${webGroup} now has ingress -1 all 0.0.0.0/0`);
    expect(refusal(doubt, { trustTags: true })).not.toBe('');
    expect(refusal(doubt, { trustGroups: true })).toBe('');
    expect(refusal(doubt, { only: ['protections'] })).toBe('');
    expect(refusal(doubt, { groups: { [firstInterface]: ['sg-0123456789abcdef0'] } })).toBe('');
  });
});
