import { PublishCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { isReminderDue, stopFrom } from '../../src/case/stop-switch.ts';
import { awsError } from '../steps/aws-error.ts';
import { storyBegins } from '../steps/fake-clock.ts';
import { anInterface, instanceId, transitionId, webGroup } from '../steps/sample-instance.ts';
import { aCall, driftScene, isolatedInterface } from './drift-scene.ts';

const before = (minutes: number): Date => new Date(storyBegins.getTime() - minutes * 60_000);

const words = { who: 'sam', reason: 'a pentest' };

/** Thrown so many minutes before the story begins. */
const stopped = (minutes: number) => stopFrom(before(minutes), 4, words);

const attached = anInterface({ id: 'eni-0000000000000aaaa', groupIds: [webGroup] });

describe('While everything automatic is stopped, the watch', () => {
  // fault D6
  it.each(['alert', 'enforce'] as const)(
    'tells of an interface that is open, and does not isolate it: OnDrift=%s',
    async (onDrift) => {
      const { world, run, messages } = driftScene({
        settings: { onDrift },
        attached: [attached],
        stop: stopped(5),
      });
      const { checked } = await run();
      expect(checked).toEqual([expect.objectContaining({ reisolated: [], told: ['open-again'] })]);
      expect(world.groupsOf(attached.id)).toEqual([webGroup]);
      expect(messages.map(({ news }) => news.what)).toEqual([
        expect.stringMatching(
          /STOPPED: would have isolated it again, but "sam" stopped everything automatic until 2026-03-01T07:02Z: "a pentest"$/,
        ),
      ]);
    },
  );

  it('would have isolated it otherwise', async () => {
    const { world, run } = driftScene({ attached: [attached] });
    await run();
    expect(world.groupsOf(attached.id)).not.toEqual([webGroup]);
  });

  it('tells of a recorded call, and does not undo it', async () => {
    const { run, told } = driftScene({
      settings: { onDrift: 'enforce' },
      interfaces: [isolatedInterface(), anInterface({ id: 'eni-00000000000000002' })],
      stop: stopped(5),
    });
    expect((await run(aCall())).checked).toEqual([expect.objectContaining({ reisolated: [] })]);
    expect(told()).toEqual([`${instanceId} open-again`]);
  });

  // fault D6
  it('still closes what was left in transition, open to everybody', async () => {
    const stuck = anInterface({ id: 'eni-0000000000000bbbb', groupIds: [transitionId] });
    const { world, run } = driftScene({
      interfaces: [isolatedInterface(), stuck],
      stop: stopped(5),
    });
    const { checked } = await run({ kind: 'transition' });
    expect(checked).toEqual([expect.objectContaining({ reisolated: [stuck.id] })]);
    expect(world.groupsOf(stuck.id)).not.toContain(transitionId);
  });
});

describe('The reminder of a stop', () => {
  const subjectsAfter = async (minutes: number): Promise<readonly string[]> => {
    const { run, messages } = driftScene({ stop: stopped(minutes) });
    await run();
    return messages.map(({ subject }) => subject);
  };

  // threat H9
  // fault D6
  it.each([60, 74, 121, 185])('comes with the check after %d minutes', async (minutes) => {
    expect(await subjectsAfter(minutes)).toEqual([
      '[Cordon] STILL STOPPED: nothing is contained automatically',
    ]);
  });

  it.each([0, 14, 59, 75, 119])('does not come after %d minutes', async (minutes) => {
    expect(await subjectsAfter(minutes)).toEqual([]);
  });

  it.each([5, 10, 15, 20, 30, 60])('comes once an hour with a check every %d minutes', (every) => {
    const stop = stopFrom(storyBegins, 24, words);
    const checks = Array.from({ length: (23 * 60) / every }, (_, n) => (n + 0.5) * every);
    const due = checks.filter((minutes) =>
      isReminderDue(stop, new Date(storyBegins.getTime() + minutes * 60_000), every),
    );
    expect(due.length).toBe(22);
  });

  it('does not come while nothing is stopped', async () => {
    const { run, messages } = driftScene();
    await run();
    expect(messages).toEqual([]);
  });

  it('fails loudly where the topic refuses it, after the cases were checked', async () => {
    const { aws, run } = driftScene({ stop: stopped(61) });
    aws.sns.on(PublishCommand).rejects(awsError('AuthorizationError'));
    await expect(run()).rejects.toMatchObject({ name: 'NotificationRefusedError' });
  });
});
