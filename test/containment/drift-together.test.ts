import {
  DescribeInstancesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateTargetGroupCommand,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Emulator } from '../../emulator/emulator.ts';
import { sharedEmulator } from '../../emulator/test/shared-moto.ts';
import { openCases } from '../../emulator/world/open-cases.ts';
import { buildNetwork } from '../../emulator/world/sample-network.ts';
import { worldClients } from '../../emulator/world/world-clients.ts';
import type { Clock } from '../../src/aws/clock.ts';
import { systemClock } from '../../src/aws/clock.ts';
import { silentLog } from '../../src/aws/log.ts';
import { makeDriftClients } from '../../src/lambda/drift-clients.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { checkEach } from '../../src/watch/check-each.ts';

let emulator: Emulator;

const saved = { ...process.env };

beforeAll(async () => {
  emulator = await sharedEmulator();
  Object.assign(process.env, emulator.environment);
});

afterAll(() => {
  for (const name of Object.keys(process.env)) {
    if (saved[name] === undefined) delete process.env[name];
    else process.env[name] = saved[name];
  }
});

/** What is waited for here is the emulator: a twentieth of the time is enough. */
const hastyClock: Clock = {
  now: systemClock.now,
  sleep: (milliseconds, until) =>
    systemClock.sleep(until === undefined ? milliseconds / 20 : milliseconds, until),
};

/** So many open cases, three target groups of which one has somebody else, and who checks them. */
const watched = async (count: number) => {
  await emulator.reset();
  await emulator.timing({ snapshotSeconds: 0 });
  const clients = worldClients(emulator);
  const network = await buildNetwork(clients, emulator.region, 'public');
  const ids = await openCases(clients, network, count);
  const arns = await Promise.all(
    ['a', 'b', 'c'].map(async (Name) => {
      const group = { Name, Protocol: 'HTTP', Port: 80, VpcId: network.vpcId } as const;
      const { TargetGroups } = await clients.loadBalancingV2.send(
        new CreateTargetGroupCommand(group),
      );
      return TargetGroups?.[0]?.TargetGroupArn ?? '';
    }),
  );
  const deps = {
    clients: makeDriftClients(silentLog, emulator.region),
    clock: hastyClock,
    log: silentLog,
    settings: readSettings({ MODE: 'contain' }).settings,
    region: emulator.region,
    stateMachineArn: '',
    stopSwitch: { stackName: 'cordon', checkMinutes: 15, stands: async () => undefined },
    openInTable: async () => new Map<string, string>(),
  };
  emulator.traffic.clear();
  return { clients, network, ids, arns, check: (all = ids) => checkEach(deps, all) };
};

const callsOf = (service: string): number =>
  emulator.traffic.calls.filter((call) => call.service === service).length;

const closed = (ids: readonly string[]) =>
  ids.map((instanceId) => expect.objectContaining({ instanceId, drifted: [], told: [] }));

describe('A check of many open cases', () => {
  it('asks the load balancers as often for ten as for one, and for no case by name', async () => {
    const counts: number[] = [];
    for (const count of [1, 10]) {
      const { ids, check } = await watched(count);
      expect((await check()).checked).toEqual(closed(ids));
      counts.push(callsOf('elasticloadbalancing'));
      const shared = emulator.traffic.calls.filter(
        ({ service }) => service === 'elasticloadbalancing',
      );
      expect(shared.filter(({ caseId }) => caseId !== undefined)).toEqual([]);
    }
    // Target groups, their targets, classic load balancers.
    expect(counts).toEqual([5, 5]);
  });

  it('checks nine though the tenth is gone, which is said of it and told to nobody', async () => {
    const { ids, check } = await watched(9);
    const gone = 'i-0000000000000dead';
    const { checked } = await check([...ids.slice(0, 4), gone, ...ids.slice(4)]);
    expect(checked).toHaveLength(10);
    expect(checked.filter(({ instanceId }) => instanceId !== gone)).toEqual(closed(ids));
    expect(checked[4]).toMatchObject({
      instanceId: gone,
      drifted: ['eni-groups', 'group-rules'],
      told: [],
      error: expect.stringContaining('does not exist'),
    });
  });

  it('finds the one that is open, and the one that is registered, among the others', async () => {
    const { clients, network, ids, arns, check } = await watched(4);
    const [open = '', registered = ''] = ids;
    const instances = await clients.ec2.send(new DescribeInstancesCommand({ InstanceIds: [open] }));
    const NetworkInterfaceId =
      instances.Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId;
    await clients.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId,
        Groups: [network.webGroupId],
      }),
    );
    const Targets = [{ Id: registered, Port: 80 }];
    await clients.loadBalancingV2.send(
      new RegisterTargetsCommand({ TargetGroupArn: arns[1], Targets }),
    );
    const { checked } = await check();
    expect(checked.map(({ drifted, told }) => [...drifted, ...told])).toEqual([
      ['eni-groups', 'group-rules', 'open-again'],
      ['targets'],
      [],
      [],
    ]);
  });
});
