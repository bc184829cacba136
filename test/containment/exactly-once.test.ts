import { DescribeExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { followExecution } from '../../emulator/follow/execution.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { subjects, useAccount } from './account.ts';
import type { Taken } from './intake-scene.ts';
import { executionsOf, findingAbout, tableOf, takeIn } from './intake-scene.ts';

/** However many findings come, in whatever order: one open case per instance. */

const accounts = useAccount();

/** Ids of servers that nobody has; what is counted is who would be cut. */
const strangers = (count: number): readonly string[] =>
  Array.from({ length: count }, (_, at) => `i-${String(at).padStart(17, '0')}`);

describe('The case of an instance', () => {
  it('is one, though the same finding comes five times, and the table knows how it stands', async () => {
    const account = await accounts.open();
    const { suspectId } = account.world;
    const taken: Taken[] = [];
    for (let time = 0; time < 5; time += 1) {
      taken.push(await takeIn(account, findingAbout(suspectId)));
    }
    const [first, ...others] = taken.flatMap(({ executions }) => executions);
    expect(first?.outcome).toBe('started');
    expect(new Set(others.map(({ caseId }) => caseId))).toEqual(new Set([first?.caseId]));
    const ended = await followExecution(account.clients, first?.executionArn ?? '');
    expect(ended.output).toMatchObject({ status: 'contained', caseId: first?.caseId });
    expect((await tableOf(account).item(suspectId))?.status).toEqual({ S: 'contained' });
  });

  it('is one, though ten different findings come at once', async () => {
    const account = await accounts.open();
    const { suspectId } = account.world;
    const taken = await Promise.all(
      Array.from({ length: 10 }, (_, at) =>
        takeIn(account, findingAbout(suspectId, { id: `finding-${at}`, severity: 7 + at / 10 })),
      ),
    );
    const all = taken.flatMap(({ executions }) => executions);
    expect(all).toHaveLength(10);
    expect(new Set(all.map(({ caseId }) => caseId)).size).toBe(1);
    expect(await executionsOf(account)).toEqual([all[0]?.caseId]);
    const ended = await followExecution(account.clients, all[0]?.executionArn ?? '');
    expect((ended.output as CaseReport).status).toBe('contained');
  });

  it('is finished by the next finding, where intake died before it started anything', async () => {
    const account = await accounts.open();
    const { suspectId } = account.world;
    const dead = {
      caseId: `20260101T000000Z-${suspectId}`,
      instanceId: suspectId,
      accountId: account.emulator.accountId,
      region: account.emulator.region,
      trigger: {
        source: 'guardduty',
        id: 'the-first',
        type: 'Backdoor:EC2/C&CActivity.B',
        severity: 8,
        at: new Date().toISOString(),
      },
      dryRun: false,
    } as const;
    expect(await tableOf(account).table.open(dead, new Date())).toBe('opened');
    const { executions } = await takeIn(account, findingAbout(suspectId));
    expect(executions).toMatchObject([{ caseId: dead.caseId, outcome: 'started' }]);
    const { input } = await account.clients.stepFunctions.send(
      new DescribeExecutionCommand({ executionArn: executions[0]?.executionArn ?? '' }),
    );
    expect(JSON.parse(input ?? '')).toEqual(dead);
  });

  it('goes on as a further run of the same case when it is contained, and anew after a release', async () => {
    const account = await accounts.open();
    const { suspectId } = account.world;
    const [first] = (await takeIn(account, findingAbout(suspectId))).executions;
    await followExecution(account.clients, first?.executionArn ?? '');
    const [again] = (await takeIn(account, findingAbout(suspectId))).executions;
    expect(again).toMatchObject({ caseId: first?.caseId, outcome: 'started' });
    expect(again?.executionArn.endsWith(`${first?.caseId}-r2`)).toBe(true);
    const repeated = await followExecution(account.clients, again?.executionArn ?? '');
    expect(repeated.output).toMatchObject({ caseId: first?.caseId, status: 'contained' });
    await account.stage.invoke('ReleaseFunction', {
      execution: 'by-hand',
      input: { instanceId: suspectId, asg: 'attach', reason: 'a false alarm' },
    });
    expect((await tableOf(account).item(suspectId))?.status).toEqual({ S: 'released' });
    const [anew] = (await takeIn(account, findingAbout(suspectId))).executions;
    expect(anew?.outcome).toBe('started');
    expect(anew?.caseId).not.toBe(first?.caseId);
  });

  it('is begun although the table does not answer', async () => {
    const account = await accounts.open();
    account.emulator.traffic.inject({
      service: 'dynamodb',
      action: '*',
      kind: 'denied',
      times: Number.POSITIVE_INFINITY,
    });
    const { executions } = await takeIn(account, findingAbout(account.world.suspectId));
    expect(executions).toMatchObject([{ outcome: 'started' }]);
    const ended = await followExecution(account.clients, executions[0]?.executionArn ?? '');
    expect(ended.output).toMatchObject({ status: 'contained', unlocked: true });
  });
});

const hour = (): string => new Date().toISOString().slice(0, 13);

/** The brake counts by the hour: a storm that an hour's end has cut in two is tried once more. */
const withinOneHour = (work: () => Promise<void>) => async (): Promise<void> => {
  const began = hour();
  try {
    await work();
  } catch (error) {
    if (hour() === began) throw error;
    await work();
  }
};

describe('A storm', () => {
  it(
    'of 40 findings over 20 instances cuts five of them, and asks about each of the others',
    withinOneHour(async () => {
      const account = await accounts.open();
      const ids = strangers(20);
      const taken: Taken[] = [];
      for (const id of [...ids, ...ids]) taken.push(await takeIn(account, findingAbout(id)));
      const cut = new Set(
        taken.flatMap(({ executions }) => executions.map(({ caseId }) => caseId)),
      );
      expect(cut.size).toBe(5);
      const held = taken.slice(0, 20).flatMap(({ skipped }) => skipped);
      expect(held).toHaveLength(15);
      for (const { reason } of held) expect(reason).toMatch(/The brake holds it back: 5 instances/);
      expect(
        subjects(account).filter((one) => /ASKED, THE HOST IS OPEN NOW/.test(one)),
      ).toHaveLength(30);
    }),
  );

  it(
    'goes on by the schedule of the stack, which answers nothing while the budget is used up',
    withinOneHour(async () => {
      const account = await accounts.open({ parameters: { BrakeCasesPerHour: '1' } });
      const [first = '', second = ''] = strangers(2);
      await takeIn(account, findingAbout(first));
      await takeIn(account, findingAbout(second));
      const { table } = tableOf(account);
      expect((await table.held()).map(({ instanceId }) => instanceId)).toEqual([second]);
      expect(await takeIn(account, { brake: 'go-on' })).toEqual({ executions: [], skipped: [] });
    }),
  );

  it(
    'of lesser findings holds no critical one back',
    withinOneHour(async () => {
      const account = await accounts.open({ parameters: { BrakeCasesPerHour: '1' } });
      const [first = '', second = '', third = ''] = strangers(3);
      await takeIn(account, findingAbout(first));
      expect((await takeIn(account, findingAbout(second))).executions).toEqual([]);
      const critical = await takeIn(account, findingAbout(third, { severity: 9 }));
      expect(critical.executions).toMatchObject([{ outcome: 'started' }]);
      // The held one is cut by a finding that is worse, in the same case.
      const worse = await takeIn(account, findingAbout(second, { severity: 9.5 }));
      expect(worse.executions).toMatchObject([{ outcome: 'started' }]);
    }),
  );
});
