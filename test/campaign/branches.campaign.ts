import { describe, expect, it } from 'vitest';
import { containByEvent, useAccount } from '../containment/account.ts';
import { expectIsolatedWithout } from '../containment/failing-branch.ts';
import { worldState } from '../containment/world-state.ts';

/** Branches of the deployed state machine that fail; one of them runs with every test. */

const accounts = useAccount();

const branches = [
  {
    what: 'isolates although nothing can be protected',
    service: 'ec2',
    actions: ['ModifyInstanceAttribute'],
    step: 'protect',
    control: 'termination-protection',
  },
  {
    what: 'isolates although no snapshot can be taken',
    service: 'ec2',
    actions: ['CreateSnapshots', 'CreateSnapshot'],
    step: 'snapshot',
    control: 'snapshots',
  },
] as const;

describe('When one branch fails', () => {
  it.each(branches)('$what', async (branch) => {
    await expectIsolatedWithout(await accounts.open(), { ...branch, told: 'ISOLATED, ' });
  });
});

describe('When the topic refuses the message', () => {
  it('contains, and the execution says that nobody was told', async () => {
    const account = await accounts.open();
    account.emulator.traffic.inject({
      service: 'sns',
      action: 'Publish',
      kind: 'denied',
      times: Infinity,
    });
    const ended = await containByEvent(account);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'NotificationRefusedError' });
    expect((await worldState(account)).suspectGroups).toEqual([
      ['cordon-isolation-full'],
      ['cordon-isolation-full'],
    ]);
    expect(account.log.some((line) => line.includes('the topic refused the message'))).toBe(true);
    expect(account.log.some((line) => line.includes('"NotificationsRefused":1'))).toBe(true);
  });
});
