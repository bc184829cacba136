import { inspect } from 'node:util';
import {
  DetachInstancesCommand,
  EnterStandbyCommand,
  SetInstanceProtectionCommand,
  UpdateAutoScalingGroupCommand,
} from '@aws-sdk/client-auto-scaling';
import { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import { DeregisterTargetsCommand } from '@aws-sdk/client-elastic-load-balancing-v2';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ReinforcementName } from '../../src/actions/index.ts';
import { reinforcementNamed, reinforcementNames } from '../../src/actions/index.ts';
import type { Scene } from '../containment/by-hand.ts';
import { useScene } from '../containment/by-hand.ts';
import { containByFinding, giveBack, stateOf } from '../containment/release-scene.ts';

/** Contains and releases servers of many kinds, and compares the world field by field. Ten minutes. */

const scenes = useScene();

const worlds = Number(process.env.GENERATED ?? 200);

// An address that AWS gave by itself cannot be given back: the release says so, and another is given.
const reversible = reinforcementNames.filter(
  (name) => reinforcementNamed(name).optIn !== undefined && name !== 'disassociate-addresses',
);

interface World {
  readonly interfaces: number;
  readonly termination: boolean;
  readonly stop: boolean;
  readonly shutdown: 'stop' | 'terminate';
  readonly membership: 'none' | 'in service' | 'protected' | 'standing by';
  readonly deregistered: boolean;
  readonly optedInto: readonly ReinforcementName[];
}

const world: fc.Arbitrary<World> = fc.record({
  interfaces: fc.integer({ min: 1, max: 4 }),
  termination: fc.boolean(),
  stop: fc.boolean(),
  shutdown: fc.constantFrom('stop', 'terminate'),
  membership: fc.constantFrom('none', 'in service', 'protected', 'standing by'),
  deregistered: fc.boolean(),
  optedInto: fc.subarray(reversible),
});

/** Makes the suspect what the world says. */
const arrange = async ({ clients, world: { suspectId, targetGroupArns } }: Scene, made: World) => {
  const { ec2, autoScaling, loadBalancingV2 } = clients;
  const modify = (input: object) =>
    ec2.send(new ModifyInstanceAttributeCommand({ InstanceId: suspectId, ...input }));
  await modify({ DisableApiTermination: { Value: made.termination } });
  await modify({ DisableApiStop: { Value: made.stop } });
  await modify({ InstanceInitiatedShutdownBehavior: { Value: made.shutdown } });
  await autoScaling.send(
    new UpdateAutoScalingGroupCommand({ AutoScalingGroupName: 'web', MinSize: 0 }),
  );
  const member = { AutoScalingGroupName: 'web', InstanceIds: [suspectId] };
  if (made.membership === 'none') {
    await autoScaling.send(
      new DetachInstancesCommand({ ...member, ShouldDecrementDesiredCapacity: true }),
    );
  }
  if (made.membership === 'protected') {
    await autoScaling.send(
      new SetInstanceProtectionCommand({ ...member, ProtectedFromScaleIn: true }),
    );
  }
  if (made.membership === 'standing by') {
    await autoScaling.send(
      new EnterStandbyCommand({ ...member, ShouldDecrementDesiredCapacity: true }),
    );
  }
  if (made.deregistered) {
    await loadBalancingV2.send(
      new DeregisterTargetsCommand({
        TargetGroupArn: targetGroupArns.override,
        Targets: [{ Id: suspectId, Port: 9000 }],
      }),
    );
  }
};

/** `targets: {…} → {…}`, one line per part of the world that is otherwise. */
const changesBetween = (before: object, after: object): readonly string[] =>
  Object.entries(before).flatMap(([key, value]) => {
    const [then, now] = [value, (after as Record<string, unknown>)[key]].map((one) =>
      JSON.stringify(one),
    );
    return then === now ? [] : [`${key}: ${then} → ${now}`];
  });

it('a server of any kind is as before when it was contained and released', async () => {
  const broken: string[] = [];
  for (const made of fc.sample(world, { numRuns: worlds, seed: 42 })) {
    const settings = Object.fromEntries(
      made.optedInto.map((name) => [reinforcementNamed(name).optIn ?? '', 'true']),
    );
    const scene = await scenes.open({ interfaces: made.interfaces }, settings);
    await arrange(scene, made);
    const before = await stateOf(scene);
    try {
      const report = await containByFinding(scene);
      expect(['contained', 'partial'], report.reason).toContain(report.status);
      const result = await giveBack(scene);
      expect(result.status, result.reason).toBe('released');
      expect(changesBetween(before, await stateOf(scene))).toEqual([]);
    } catch (error) {
      const words = inspect(error, { depth: 4 }).slice(0, 1_500);
      broken.push(`${JSON.stringify(made)}: ${words}`);
    }
  }
  console.log(`${worlds} worlds, ${broken.length} broken`);
  expect(broken).toEqual([]);
});
