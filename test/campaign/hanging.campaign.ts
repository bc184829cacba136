import { CreateTopicCommand } from '@aws-sdk/client-sns';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/aws/clock.ts';
import { silentLog } from '../../src/aws/log.ts';
import { containEvent } from '../../src/contain-event.ts';
import { makeRunbookClients } from '../../src/lambda/runbook-clients.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { containByEvent, useAccount } from '../containment/account.ts';
import type { Scene } from '../containment/by-hand.ts';
import { useScene } from '../containment/by-hand.ts';
import type { Figures, HangingCall } from '../containment/hanging.ts';
import { hangingCalls, measureHanging } from '../containment/hanging.ts';
import { makeGroups } from '../containment/make-groups.ts';

/**
 * Every call of the happy path hangs for ever, one at a time: how long until the cut, and until
 * somebody is told. Prints the figures. A quarter of an hour on two idle cores.
 */

const longestToCut = 10;
const longestToTell = 30;

/** What is wrong with the figures of a call; nothing when all is well. */
const judged = ({ name, indispensable }: HangingCall, figures: Figures): readonly string[] => {
  const { cut, firstWord, subject = '' } = figures;
  const late = (seconds: number | undefined, longest: number) =>
    seconds === undefined || seconds > longest;
  // Where the message itself hangs, nobody can be told by it.
  const mute = name === 'sns Publish';
  const wrong = [
    ...(!indispensable && late(cut, longestToCut) ? [`cut after ${cut} s`] : []),
    ...(!mute && late(firstWord, longestToTell) ? [`told after ${firstWord} s`] : []),
    ...(indispensable && cut === undefined && !subject.includes('NOT CONTAINED') ? [subject] : []),
  ];
  const line = `cut ${cut ?? '-'} s, told ${firstWord ?? '-'} s, ${subject || 'nobody told'}`;
  console.log(`${name.padEnd(58)} ${indispensable ? 'indispensable' : 'lesser'}  ${line}`);
  return wrong.map((what) => `${name}: ${what}`);
};

describe('In one process', () => {
  const scenes = useScene();

  /** A run in real time; the topic is made before, so that only calls of the run hang. */
  const runIn = async ({ clients, emulator, world }: Scene): Promise<() => Promise<unknown>> => {
    const { TopicArn = '' } = await clients.sns.send(new CreateTopicCommand({ Name: 'cordon' }));
    emulator.traffic.clear();
    return () =>
      containEvent(
        { clients: makeRunbookClients(silentLog), clock: systemClock, log: silentLog },
        readSettings({ MODE: 'contain', NOTIFICATION_TOPIC_ARN: TopicArn }),
        { region: emulator.region },
        { instanceId: world.suspectId },
      );
  };

  it('the cut comes within 10 s, and the first word within 30 s', async () => {
    const rehearsal = await scenes.open();
    await (await runIn(rehearsal))();
    const { calls } = rehearsal.emulator.traffic;
    let transitionId: string | undefined;
    const all = hangingCalls(calls, () => transitionId);
    console.log(`${all.length} calls, one process`);
    const wrong: string[] = [];
    for (const call of all) {
      const scene = await scenes.open();
      if (call.warm === true) transitionId = await makeGroups(scene);
      const begin = await runIn(scene);
      wrong.push(...judged(call, await measureHanging(scene.emulator, call, begin, 45)));
    }
    expect(wrong).toEqual([]);
  });
});

describe('Through the state machine', () => {
  const accounts = useAccount();

  it('the cut comes within 10 s, and the first word within 30 s', async () => {
    const rehearsal = await accounts.open({ warm: true, hasty: false });
    // A call that no run makes: how long it takes on this machine when nothing hangs.
    const nothing = { name: 'nothing', fault: { service: 'none', action: 'none' } };
    judged(
      { ...nothing, indispensable: false },
      await measureHanging(
        rehearsal.emulator,
        { ...nothing, indispensable: false },
        () => containByEvent(rehearsal),
        45,
      ),
    );
    const { calls } = rehearsal.emulator.traffic;
    let transitionId: string | undefined;
    const all = hangingCalls(
      calls.filter(({ functionName }) => functionName !== undefined),
      () => transitionId,
    );
    console.log(`${all.length} calls, the state machine`);
    const wrong: string[] = [];
    for (const call of all) {
      const account = await accounts.open({ warm: true, hasty: false });
      if (call.warm === true) transitionId = await makeGroups(account);
      const begin = () => containByEvent(account);
      wrong.push(...judged(call, await measureHanging(account.emulator, call, begin, 45)));
    }
    expect(wrong).toEqual([]);
  });
});
