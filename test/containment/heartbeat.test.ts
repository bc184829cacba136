import { describe, expect, it } from 'vitest';
import { putEvent } from '../../emulator/follow/event-bridge.ts';
import { useAccount } from './account.ts';
import { executionsOf, findingAbout, takeIn } from './intake-scene.ts';

const accounts = useAccount();

/** The figures of this name in the log, each with the topic under which it is counted. */
const counted = (log: readonly string[], name: string) =>
  log.flatMap((line) => {
    if (!line.includes(`"${name}":`)) return [];
    const { service, topic, [name]: count } = JSON.parse(line) as Record<string, unknown>;
    return [{ service, topic, count }];
  });

/** A line of the log may come after the answer of the function. */
const patient = { timeout: 60_000 };

describe('The dead-man’s switch', () => {
  it('is counted when a heartbeat has come all the way from the event bus to intake', async () => {
    const account = await accounts.open();
    await putEvent(account.emulator, {
      source: 'cordon.heartbeat',
      'detail-type': 'Cordon Heartbeat',
      detail: {},
    });
    await expect
      .poll(() => counted(account.log, 'Heartbeats'), patient)
      .toEqual([
        {
          service: 'cordon',
          topic: account.stage.deployed.outputs.NotificationTopicArn?.split(':')[5],
          count: 1,
        },
      ]);
  });

  // threat D11
  it('contains nobody, tells nobody and keeps nothing, whatever a heartbeat says', async () => {
    const account = await accounts.open();
    const finding = findingAbout(account.world.suspectId);
    const manual = { instanceId: account.world.suspectId, reason: 'x' };
    account.emulator.traffic.clear();
    for (const event of [
      { ...finding, source: 'cordon.heartbeat' },
      { source: 'cordon.heartbeat', detail: manual, ...manual },
      { source: 'cordon.heartbeat', brake: 'go-on' },
      { source: 'cordon.heartbeat', Records: [{ body: JSON.stringify(finding) }] },
    ]) {
      expect(await takeIn(account, event)).toEqual({ executions: [], skipped: [] });
    }
    expect(account.emulator.traffic.calls.map(({ action }) => action)).toEqual([]);
    expect(await executionsOf(account)).toEqual([]);
    await expect.poll(() => counted(account.log, 'Heartbeats'), patient).toHaveLength(4);
  });

  it('counts a sample of GuardDuty, which contains nobody either', async () => {
    const account = await accounts.open();
    const finding = findingAbout(account.world.suspectId, { title: '[SAMPLE] a finding' });
    expect(await takeIn(account, finding)).toMatchObject({
      executions: [],
      skipped: [{ reason: 'It is a sample finding.' }],
    });
    await expect.poll(() => counted(account.log, 'SampleFindings'), patient).toHaveLength(1);
  });
});
