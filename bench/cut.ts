import { AttachLoadBalancerTargetGroupsCommand } from '@aws-sdk/client-auto-scaling';
import { CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Emulator } from '../emulator/emulator.ts';
import { startEmulator } from '../emulator/emulator.ts';
import { attachInterface } from '../emulator/world/sample-hardware.ts';
import { buildSampleWorld } from '../emulator/world/sample-world.ts';
import type { WorldClients } from '../emulator/world/world-clients.ts';
import { worldClients } from '../emulator/world/world-clients.ts';
import { systemClock } from '../src/aws/clock.ts';
import { silentLog } from '../src/aws/log.ts';
import { containEvent } from '../src/contain-event.ts';
import { makeRunbookClients } from '../src/lambda/runbook-clients.ts';
import { readSettings } from '../src/settings/settings.ts';
import { longestChain } from './chain.ts';

const addedMilliseconds = 300;
const targetGroups = 50;

/** Fills the world up to 50 target groups, all of them the Auto Scaling group's own. */
const addTargetGroups = async (clients: WorldClients, vpcId: string, group: string) => {
  const arns = await Promise.all(
    Array.from({ length: targetGroups - 3 }, async (_, index) => {
      const { TargetGroups } = await clients.loadBalancingV2.send(
        new CreateTargetGroupCommand({
          Name: `more-${index}`,
          Protocol: 'HTTP',
          Port: 80,
          VpcId: vpcId,
          TargetType: 'instance',
        }),
      );
      return TargetGroups?.[0]?.TargetGroupArn ?? '';
    }),
  );
  await clients.autoScaling.send(
    new AttachLoadBalancerTargetGroupsCommand({
      AutoScalingGroupName: group,
      TargetGroupARNs: arns,
    }),
  );
};

/** The runbook in this process, warm or cold as the world is. */
export const containByHand = (emulator: Emulator, instanceId: string) =>
  containEvent(
    {
      clients: makeRunbookClients(silentLog, emulator.region),
      clock: systemClock,
      log: silentLog,
    },
    readSettings({ MODE: 'contain', TRANSITION_HOLD_SECONDS: '0' }),
    { region: emulator.region },
    { instanceId },
  );

/** A change of groups; the idle timeouts, which come after the cut, are set by the same call. */
export const isCut = ({ action, params }: { action: string; params?: unknown }): boolean =>
  action === 'ModifyNetworkInterfaceAttribute' && String(params).includes('SecurityGroupId');

/** One line per number of interfaces, cold (no group yet) and warm (the groups exist). */
export const benchCut = async (): Promise<readonly string[]> => {
  const emulator = await startEmulator();
  Object.assign(process.env, emulator.environment);
  const lines: string[] = [];
  try {
    for (const interfaces of [1, 2, 8]) {
      await emulator.reset();
      const clients = worldClients(emulator);
      const world = await buildSampleWorld(emulator, clients, { interfaces });
      await addTargetGroups(clients, world.vpcId, world.autoScalingGroupName);
      for (let index = 2; index < interfaces; index += 1) {
        await attachInterface(clients, world, world.healthyId, index);
      }
      // The neighbour has the same number of interfaces and meets the groups the first case made.
      for (const [state, instanceId] of [
        ['cold', world.suspectId],
        ['warm', world.healthyId],
      ] as const) {
        emulator.traffic.clear();
        emulator.traffic.latency(addedMilliseconds);
        const { cases } = await containByHand(emulator, instanceId);
        emulator.traffic.latency(0);
        const { calls } = emulator.traffic;
        const cuts = calls.filter(isCut);
        const lastEnd = Math.max(...cuts.map((call) => call.endedAt));
        const chain = longestChain(calls, cuts);
        const report = cases[0];
        const seconds = report?.secondsToIsolate?.toFixed(1);
        const toCut = calls.filter((call) => call.endedAt <= lastEnd).length;
        lines.push(
          `${state}, ${interfaces} ENI: chain ${chain.length}, read back after ${seconds} s, ${toCut} calls to the cut, ${calls.length} in all, ${report?.status}`,
          `  ${chain.map((call) => call.action).join(' > ')}`,
        );
      }
    }
  } finally {
    await emulator.stop();
  }
  return lines;
};
