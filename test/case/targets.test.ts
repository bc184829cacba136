import { describe, expect, it } from 'vitest';
import { isAmbiguousTarget, isLeaving } from '../../src/case/targets.ts';
import { instanceId, instanceWith, interfaceWith, targetWith, vpcId } from './sample-before.ts';

const instance = instanceWith({
  networkInterfaces: [
    interfaceWith({
      privateAddresses: ['10.20.1.15', '10.20.1.16'],
      ipv6Addresses: ['2001:db8::15'],
    }),
  ],
});

describe('a target that was found by its address', () => {
  it('is this instance in the VPC of the interface that has the address', () => {
    for (const targetId of ['10.20.1.15', '10.20.1.16', '2001:db8::15']) {
      expect(isAmbiguousTarget(targetWith({ targetId }), vpcId, instance)).toBe(false);
    }
  });

  it('may be another host in another VPC, and is left alone', () => {
    expect(isAmbiguousTarget(targetWith({ targetId: '10.20.1.15' }), 'vpc-other', instance)).toBe(
      true,
    );
  });

  it('is this instance in any VPC when it is registered by its id', () => {
    expect(isAmbiguousTarget(targetWith({ targetId: instanceId }), 'vpc-other', instance)).toBe(
      false,
    );
  });
});

it('knows that a draining target goes by itself', () => {
  expect(isLeaving(targetWith({ state: 'draining' }))).toBe(true);
  expect(isLeaving(targetWith({ state: 'unhealthy' }))).toBe(false);
});
