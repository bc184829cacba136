import { describe, expect, it } from 'vitest';
import { impossibleProtections } from '../../src/case/protection.ts';

const ordinary = { spot: false, rootDeviceType: 'ebs' } as const;

describe('what AWS does not allow is no failure', () => {
  it('allows everything for an ordinary instance', () => {
    expect(impossibleProtections(ordinary)).toEqual({});
  });

  it('allows a Spot instance neither termination nor stop protection', () => {
    expect(Object.keys(impossibleProtections({ ...ordinary, spot: true }))).toEqual([
      'termination',
      'stop',
    ]);
  });

  it('can stop nothing that has its root on the instance store', () => {
    const impossible = impossibleProtections({ ...ordinary, rootDeviceType: 'instance-store' });
    expect(Object.keys(impossible)).toEqual(['stop', 'shutdown']);
  });

  it('lets nobody change an instance that an AWS service manages, and names the service', () => {
    const impossible = impossibleProtections({ ...ordinary, managedBy: 'eks.amazonaws.com' });
    expect(Object.keys(impossible)).toEqual(['termination', 'stop', 'shutdown', 'volumes']);
    expect(Object.values(impossible).every((why) => why.includes('eks.amazonaws.com'))).toBe(true);
  });
});
