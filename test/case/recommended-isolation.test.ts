import { describe, expect, it } from 'vitest';
import { recommendedIsolation } from '../../src/case/recommended-isolation.ts';
import { beforeWith } from './sample-before.ts';

const nobody = { forensicCidrs: [], forensicSecurityGroupId: '' };
const responders = { forensicCidrs: ['203.0.113.0/24'], forensicSecurityGroupId: '' };

const inGroupOf = (...instanceIds: readonly string[]) => {
  const before = beforeWith();
  const membership = {
    groupName: 'web',
    lifecycleState: 'InService',
    protectedFromScaleIn: false,
    targetGroupArns: [],
    loadBalancerNames: [],
    instanceIds: [before.instance.id, ...instanceIds],
  };
  return { ...before, autoScaling: { known: true, membership } } as const;
};

describe('The isolation that fits an instance', () => {
  it('is full where others of its group go on serving', () => {
    expect(recommendedIsolation(inGroupOf('i-2', 'i-3'), true, nobody)).toEqual({
      profile: 'full',
      reason:
        '2 other servers of its group go on serving, and nothing else cuts all of its traffic.',
    });
  });

  it('is egress-lockdown where full isolation may end a service', () => {
    expect(recommendedIsolation(inGroupOf(), true, responders).profile).toBe('egress-lockdown');
  });

  it('is forensic where the settings name responders', () => {
    expect(recommendedIsolation(inGroupOf('i-2'), true, responders).profile).toBe('forensic');
  });

  it('is full where nothing shows that it serves anybody', () => {
    const alone = { ...beforeWith(), autoScaling: { known: true } } as const;
    expect(recommendedIsolation(alone, false, nobody).profile).toBe('full');
  });
});
