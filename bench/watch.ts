import { CreateTargetGroupCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Emulator } from '../emulator/emulator.ts';
import { startEmulator } from '../emulator/emulator.ts';
import type { Call } from '../emulator/proxy/traffic.ts';
import { openCases } from '../emulator/world/open-cases.ts';
import { buildNetwork } from '../emulator/world/sample-network.ts';
import type { WorldClients } from '../emulator/world/world-clients.ts';
import { worldClients } from '../emulator/world/world-clients.ts';
import { systemClock } from '../src/aws/clock.ts';
import { silentLog } from '../src/aws/log.ts';
import { makeDriftClients } from '../src/lambda/drift-clients.ts';
import { readSettings } from '../src/settings/settings.ts';
import { drift } from '../src/watch/drift.ts';
import { longestChain } from './chain.ts';

const addedMilliseconds = 100;
const targetGroups = 20;

const addTargetGroups = (clients: WorldClients, vpcId: string) =>
  Promise.all(
    Array.from({ length: targetGroups }, (_, index) =>
      clients.loadBalancingV2.send(
        new CreateTargetGroupCommand({
          Name: `web-${index}`,
          Protocol: 'HTTP',
          Port: 80,
          VpcId: vpcId,
          TargetType: 'instance',
        }),
      ),
    ),
  );

/** One check of the watch as its function does it. */
const check = ({ region }: Emulator) =>
  drift(
    {
      clients: makeDriftClients(silentLog, region),
      clock: systemClock,
      log: silentLog,
      settings: readSettings({ MODE: 'contain' }).settings,
      region,
      stateMachineArn: '',
      stopSwitch: { stackName: 'cordon', checkMinutes: 15, stands: async () => undefined },
      openInTable: async () => new Map<string, string>(),
    },
    { kind: 'check' },
  );

/** The actions that are called most, with how often. */
const most = (calls: readonly Call[]): string =>
  [...Map.groupBy(calls, ({ action }) => action)]
    .map(([action, its]) => [action, its.length] as const)
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, 4)
    .map(([action, count]) => `${count} ${action}`)
    .join(', ');

/** One line per number of open cases: the calls of one check, its longest chain, its seconds. */
export const benchWatch = async (): Promise<readonly string[]> => {
  const emulator = await startEmulator();
  Object.assign(process.env, emulator.environment);
  const lines: string[] = [];
  try {
    for (const cases of [1, 10, 100]) {
      await emulator.reset();
      await emulator.timing({ snapshotSeconds: 0 });
      const clients = worldClients(emulator);
      const network = await buildNetwork(clients, emulator.region, 'public');
      await addTargetGroups(clients, network.vpcId);
      await openCases(clients, network, cases);
      emulator.traffic.clear();
      emulator.traffic.latency(addedMilliseconds);
      emulator.traffic.rates(true);
      const began = performance.now();
      const { checked } = await check(emulator);
      const seconds = ((performance.now() - began) / 1_000).toFixed(1);
      emulator.traffic.latency(0);
      emulator.traffic.rates(false);
      const { calls } = emulator.traffic;
      const refused = calls.filter(({ status }) => status >= 400).length;
      const holding = checked.filter(({ drifted }) => drifted.length === 0).length;
      const balancing = calls.filter(({ service }) => service === 'elasticloadbalancing').length;
      lines.push(
        `${cases} open cases: ${calls.length} calls (${balancing} of load balancing, ${refused} refused for their rate), chain ${longestChain(calls, calls).length}, ${seconds} s, ${holding} of ${checked.length} hold`,
        `  ${most(calls)}`,
      );
    }
  } finally {
    await emulator.stop();
  }
  return lines;
};
