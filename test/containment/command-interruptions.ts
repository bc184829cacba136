import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { expect } from 'vitest';
import type { Scene } from './by-hand.ts';
import type { Ended, useCommand } from './command.ts';
import { isIsolated } from './invariants.ts';
import { groupNamesOf } from './world-state.ts';

type Command = ReturnType<typeof useCommand>;

export const endingSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The settings of a run by hand that tells the scene's topic. */
export const tellingTopic = async ({ clients }: Scene): Promise<Record<string, string>> => {
  const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: 'cordon' }));
  return { NOTIFICATION_TOPIC_ARN: TopicArn, TRANSITION_HOLD_SECONDS: '0' };
};

/** Calls `act` when a call arrives; the call itself goes through. */
export const whenCalled = (
  { emulator }: Scene,
  isIt: (count: number) => boolean,
  act: () => void,
  action = '*',
): void => {
  let count = 0;
  emulator.traffic.inject({
    service: '*',
    action,
    kind: 'timeout',
    times: Number.POSITIVE_INFINITY,
    matches: () => {
      count += 1;
      if (isIt(count)) act();
      return false;
    },
  });
};

/** How many AWS calls `cordon contain` makes when nobody disturbs it. */
export const callsOfContain = async (command: Command, scene: Scene): Promise<number> => {
  const environment = await tellingTopic(scene);
  scene.emulator.traffic.clear();
  const running = command.start(scene.emulator, ['contain', scene.world.suspectId], environment);
  expect((await running.ended).code).toBe(0);
  return scene.emulator.traffic.calls.length;
};

/** Runs `cordon contain`, and sends the signal when its call number `at` arrives. */
export const interruptAt = async (
  command: Command,
  scene: Scene,
  signal: (typeof endingSignals)[number],
  at: number,
): Promise<Ended> => {
  const environment = await tellingTopic(scene);
  const { child, ended } = command.start(
    scene.emulator,
    ['contain', scene.world.suspectId],
    environment,
  );
  whenCalled(
    scene,
    (count) => count === at,
    () => child.kill(signal),
  );
  const result = await ended;
  scene.emulator.traffic.clearFaults();
  return result;
};

/** Isolated, not in transition, and said so: on the terminal, by the exit code, and to the topic. */
export const expectFinishedCut = async (scene: Scene, ended: Ended): Promise<void> => {
  const names = (await groupNamesOf(scene, scene.world.suspectId)).flat();
  expect(names).not.toContain('cordon-transition');
  expect(await isIsolated(scene), 'isolated').toBe(true);
  expect([0, 130]).toContain(ended.code);
  const [verdict = ''] = ended.stdout.split('\n');
  // Whoever interrupts what comes after the proof leaves it contained, and not finished.
  const interrupted = /^(?:CONTAINED|ISOLATED[A-Z, ]*) i-/;
  expect(verdict).toMatch(ended.code === 0 ? /^CONTAINED i-/ : interrupted);
  if (ended.code === 130) expect(ended.stdout).toContain('The run was interrupted; not done: ');
  expect(scene.subjects().at(-1)).toMatch(/^\[Cordon\] (?:CONTAINED|ISOLATED)/);
};
