import { CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import { describe, expect, it } from 'vitest';
import { useScene } from '../containment/by-hand.ts';

const scenes = useScene();

describe('A large account', () => {
  it('is swept to the end at the rates that AWS documents, without delaying the cut', async () => {
    const scene = await scenes.open();
    const { emulator, clients, world } = scene;
    for (let index = 0; index < 497; index += 1) {
      await clients.loadBalancingV2.send(
        new CreateTargetGroupCommand({
          Name: `more-${index}`,
          Protocol: 'HTTP',
          Port: 80,
          VpcId: world.vpcId,
          TargetType: 'instance',
        }),
      );
    }
    emulator.traffic.clear();
    emulator.traffic.rates(true);
    const report = await scene.contain();
    expect(report.status).toBe('contained');
    expect(report.proof.find(({ control }) => control === 'targets')?.observed).toContain(
      '500 target groups',
    );
    const { calls } = emulator.traffic;
    const cut = calls.findLast(({ action }) => action === 'ModifyNetworkInterfaceAttribute');
    const sweptLater = calls.filter(
      ({ action, startedAt }) =>
        action === 'DescribeTargetHealth' && startedAt > (cut?.endedAt ?? 0),
    );
    expect(sweptLater.length).toBeGreaterThan(400);
  });
});
