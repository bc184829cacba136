import { describe, expect, it } from 'vitest';
import type { Lag } from '../../emulator/proxy/traffic.ts';
import { outcomes } from './account.ts';
import { useScene } from './by-hand.ts';

const scenes = useScene();

describe('What AWS does not show yet', () => {
  const lags: readonly (readonly [string, Lag])[] = [
    ['a new group', { service: 'ec2', action: 'DescribeSecurityGroups', times: 3 }],
    [
      'the groups of an interface',
      { service: 'ec2', action: 'DescribeNetworkInterfaces', times: 3 },
    ],
    ['an attribute', { service: 'ec2', action: 'DescribeInstanceAttribute', times: 6 }],
    ['the instance as it is', { service: 'ec2', action: 'DescribeInstances', times: 2 }],
    ['new snapshots', { service: 'ec2', action: 'DescribeSnapshots', times: 2 }],
    [
      'the membership',
      { service: 'autoscaling', action: 'DescribeAutoScalingInstances', times: 2 },
    ],
    ['the targets', { service: 'elasticloadbalancing', action: 'DescribeTargetHealth', times: 6 }],
  ];

  it.each(lags)('fails neither a step nor a control: %s', async (_, lag) => {
    const scene = await scenes.open();
    const { traffic } = scene.emulator;
    // Before the cut, nothing about the instance has changed lately.
    const afterTheCut = () =>
      lag.action !== 'DescribeInstances' ||
      traffic.calls.some(({ action }) => action === 'ModifyNetworkInterfaceAttribute');
    traffic.lag({ ...lag, matches: afterTheCut });
    const report = await scene.contain();
    expect(Object.values(outcomes(report))).not.toContain('failed');
    expect(report.proof.filter(({ holds }) => holds !== true)).toEqual([]);
    expect(report.status).toBe('contained');
  });
});
