import {
  CreateSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { startFunctionThread } from '../../emulator/lambda/function-thread.ts';
import { inProject } from '../../emulator/project.ts';
import type { CallParams } from '../../emulator/proxy/traffic.ts';
import type { Scene } from './by-hand.ts';
import type { Memory } from './remembered-world.ts';
import { memoryOf } from './remembered-world.ts';

const actionOf = (params: CallParams): string =>
  params instanceof URLSearchParams ? (params.get('Action') ?? '') : '';

/** A call that changes the world of the instance; messages change nothing that is given back. */
export const isMutating = (action: string): boolean =>
  /^(?:Create|Modify|Authorize|Revoke|Detach|Deregister)/.test(action);

/** The mutating calls of a case when all goes well, in their order, and what is remembered then. */
export const happyPath = async (
  scene: Scene,
): Promise<{ readonly calls: readonly string[]; readonly memory: Memory }> => {
  const report = await scene.contain();
  expect(report.status).toBe('contained');
  const calls = scene.emulator.traffic.calls
    .map(({ action }) => action)
    .filter((action) => isMutating(action));
  return { calls, memory: await memoryOf(scene, report) };
};

/** Counts mutating calls, and says of each whether it comes after the first `survived`. */
const counter = (survived: number, onFirstBeyond: () => void = () => {}) => {
  let changes = 0;
  return (params: CallParams): boolean => {
    if (!isMutating(actionOf(params))) return false;
    changes += 1;
    if (changes === survived + 1) onFirstBeyond();
    return changes > survived;
  };
};

/** The first run in a thread that is killed before its mutating call number `survived + 1`. */
export const killedAfter = async (scene: Scene, survived: number): Promise<void> => {
  const { emulator, world, stateHome } = scene;
  const thread = startFunctionThread({
    file: inProject('handlers/contain.ts'),
    exportName: 'handler',
    environment: {
      ...emulator.environment,
      AWS_SAM_LOCAL: 'true',
      TRANSITION_HOLD_SECONDS: '0',
      XDG_STATE_HOME: stateHome,
    },
    onOutput: (stream) => stream.resume(),
  });
  emulator.traffic.inject({
    service: '*',
    action: '*',
    kind: 'connection-reset',
    times: Number.POSITIVE_INFINITY,
    matches: counter(survived, () => void thread.stop()),
  });
  await thread.invoke({ instanceId: world.suspectId });
  await thread.stop();
  emulator.traffic.clearFaults();
};

/** The first run, denied every mutating call but the first `allowed`. */
export const deniedAfter = async (scene: Scene, allowed: number): Promise<void> => {
  scene.emulator.traffic.inject({
    service: '*',
    action: '*',
    kind: 'denied',
    times: Number.POSITIVE_INFINITY,
    matches: counter(allowed),
  });
  await scene.contain();
  scene.emulator.traffic.clearFaults();
};

/** Somebody moves every interface of the suspect to a group of his own. */
export const moveInterfaces = async ({ clients: { ec2 }, world }: Scene): Promise<void> => {
  const { NetworkInterfaces = [] } = await ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
    }),
  );
  const evil = new Map<string, string>();
  for (const { NetworkInterfaceId, VpcId = '' } of NetworkInterfaces) {
    if (!evil.has(VpcId)) {
      const { GroupId = '' } = await ec2.send(
        new CreateSecurityGroupCommand({ GroupName: 'evil', Description: 'evil', VpcId }),
      );
      evil.set(VpcId, GroupId);
    }
    await ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId,
        Groups: [evil.get(VpcId) ?? ''],
      }),
    );
  }
};

/** What may befall a first run, after so many of its mutating calls. */
export const mishaps: Readonly<Record<string, (scene: Scene, calls: number) => Promise<void>>> = {
  'killed right after it': killedAfter,
  'denied from it on': (scene, calls) => deniedAfter(scene, calls - 1),
  'killed right after it, its interfaces moved by somebody': async (scene, calls) => {
    await killedAfter(scene, calls);
    await moveInterfaces(scene);
  },
};

/** A second run remembers what one clean run would, and prints the same undo; verify too. */
export const expectSameMemory = async (scene: Scene, clean: Memory): Promise<void> => {
  const report = await scene.contain();
  // Whether the first run had cut open connections, only its own word in the trail could tell.
  expect(['contained', 'partial'], report.reason).toContain(report.status);
  expect(await memoryOf(scene, report)).toEqual(clean);
  const verified = await scene.verify();
  expect((await memoryOf(scene, verified)).undo, 'the undo of verify').toEqual(clean.undo);
};
