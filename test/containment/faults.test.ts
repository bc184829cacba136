import { describe, it } from 'vitest';
import { useScene } from './by-hand.ts';
import { expectToSurvive, troubles } from './faults.ts';
import { expectToSurviveKill } from './kill.ts';

/** A sample of `npm run campaign`, which does this for every call. */

const scenes = useScene();

const call = (service: string, action: string) => ({ service, action });

describe('When AWS misbehaves at the cut itself', () => {
  it.each(troubles.filter(({ kind }) => kind !== 'timeout'))(
    'is isolated, honest and undoable, or rings the alarm: $kind',
    async (trouble) => {
      const action = call('ec2', 'ModifyNetworkInterfaceAttribute');
      await expectToSurvive(await scenes.open(), action, trouble);
    },
  );

  it.each([
    call('ec2', 'CreateSecurityGroup'),
    call('ec2', 'CreateTags'),
    call('ec2', 'CreateSnapshots'),
    call('autoscaling', 'DetachInstances'),
    call('elasticloadbalancing', 'DeregisterTargets'),
    call('sns', 'Publish'),
  ])('makes up for the lost answer of $action', async (action) => {
    await expectToSurvive(await scenes.open(), action, { kind: 'lost-answer', times: 1 });
  });
});

describe('When the process is killed', () => {
  // threat A7
  it.each([3, 14, 20])(
    'a second run finishes the cut, and the originals are right: after %i changes',
    async (survived) => {
      await expectToSurviveKill(await scenes.open(), survived);
    },
  );
});
