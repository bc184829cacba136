import { ListExecutionsCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { putEvent } from '../../emulator/follow/event-bridge.ts';
import { followExecution } from '../../emulator/follow/execution.ts';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { containByEvent, outcomes, subjects, toldReports, useAccount } from './account.ts';
import { groupNamesOf, worldState } from './world-state.ts';

const accounts = useAccount({ evidence: true });

describe('A GuardDuty finding reaches the deployed template', () => {
  it('contains the suspect, proves it, tells of it, and leaves its neighbour alone', async () => {
    const account = await accounts.open();
    const ended = await containByEvent(account);
    expect(ended).toMatchObject({ status: 'SUCCEEDED' });
    const report = ended.output as CaseReport;
    expect(report).toMatchObject({ status: 'contained', cut: 'complete' });
    expect(report.proof.every((control) => control.holds === true)).toBe(true);
    expect(Object.values(outcomes(report))).not.toContain('failed');
    // The machine that collects evidence tells of it whenever it has ended.
    const ofTheCase = subjects(account).map((subject) => subject.split(' ')[1]);
    expect(ofTheCase.filter((one) => one !== 'EVIDENCE,')).toEqual([
      'ISOLATED',
      'CONTAINED',
      'EVIDENCE',
    ]);
    const state = await worldState(account);
    expect(state).toMatchObject({
      suspectGroups: [['cordon-isolation-full'], ['cordon-isolation-full']],
      healthyGroups: [['web']],
      suspectIsMember: false,
      healthyIsMember: true,
      classic: [{ suspect: false, healthy: true }],
      suspect: { termination: true, stop: true, shutdown: 'stop' },
      healthy: { termination: false, stop: false },
      snapshots: 3,
    });
    expect(state.targets).toEqual({
      web: { suspect: false, healthy: true, draining: 1 },
      override: { suspect: false, healthy: true, draining: 1 },
      address: { suspect: false, healthy: false, draining: 1 },
    });
    expect(state.deleteOnTermination.every((line) => line.endsWith('false'))).toBe(true);
    expect(state.groups).toContainEqual({ name: 'cordon-isolation-full', ingress: 0, egress: 0 });
  });

  it('tells of the cut before it waits for anything else', async () => {
    const account = await accounts.open();
    await containByEvent(account);
    const [first] = toldReports(account);
    expect(first).toMatchObject({ status: 'running', cut: 'complete', proof: [] });
    expect(first?.isolatedAt).toBeDefined();
  });

  it('writes the before-state to the log before it changes anything', async () => {
    const account = await accounts.open();
    await containByEvent(account);
    const before = account.log.findIndex((line) => line.includes('"message":"before"'));
    const change = account.log.findIndex((line) =>
      /"call":"(?:Create|Modify|Detach|Deregister)/.test(line),
    );
    expect(before).toBeGreaterThan(-1);
    expect(change).toBeGreaterThan(before);
  });

  // threat D6
  it('joins a second finding about the same instance to the running case', async () => {
    const account = await accounts.open();
    const event = sampleEvent('guardduty-crypto-mining', account.world.suspectId, new Date());
    await putEvent(account.emulator, event);
    const ended = await containByEvent(account);
    expect(ended.status).toBe('SUCCEEDED');
    expect((await worldState(account)).snapshots).toBe(3);
    const { executions = [] } = await account.clients.stepFunctions.send(
      new ListExecutionsCommand({ stateMachineArn: account.stage.stateMachineArn }),
    );
    expect(executions.map(({ name }) => name)).toEqual([(ended.output as CaseReport).caseId]);
  });

  it.each([
    ['contain', 'contained'],
    ['observe', 'planned'],
  ])(
    'runs a fire drill that is put on the event bus; in Mode=%s it ends %s',
    async (Mode, status) => {
      const account = await accounts.open({ parameters: { Mode } });
      const ended = await containByEvent(account, 'cordon-manual');
      expect(ended.output).toMatchObject({
        status,
        trigger: { source: 'manual', requestedBy: 'security@example.com', severity: null },
      });
    },
  );

  it('runs from an instance id alone', async () => {
    const account = await accounts.open();
    const { executionArn = '' } = await account.clients.stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: account.stage.stateMachineArn,
        input: JSON.stringify({ instanceId: account.world.suspectId }),
      }),
    );
    const ended = await followExecution(account.clients, executionArn);
    expect(ended.output).toMatchObject({ status: 'contained', trigger: { source: 'manual' } });
  });

  it('takes no second set of snapshots when the same instance is contained again', async () => {
    const account = await accounts.open();
    const first = (await containByEvent(account)).output as CaseReport;
    const { executionArn = '' } = await account.clients.stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn: account.stage.stateMachineArn,
        name: 'again',
        input: JSON.stringify({ instanceId: account.world.suspectId }),
      }),
    );
    const second = (await followExecution(account.clients, executionArn)).output as CaseReport;
    expect(second.caseId).toBe(first.caseId);
    expect(second.status).toBe('contained');
    expect(outcomes(second)).toMatchObject({ 'isolate-network': 'already', snapshot: 'already' });
    expect((await worldState(account)).snapshots).toBe(3);
    expect(await groupNamesOf(account, account.world.suspectId)).toEqual([
      ['cordon-isolation-full'],
      ['cordon-isolation-full'],
    ]);
  });

  it('changes nothing and says what it would do when it only observes', async () => {
    const account = await accounts.open({ parameters: { Mode: 'observe' } });
    const before = await worldState(account);
    const ended = await containByEvent(account);
    expect(ended.output).toMatchObject({ status: 'planned' });
    expect(await worldState(account)).toEqual(before);
    expect(subjects(account)).toEqual([expect.stringContaining('[Cordon] OBSERVED')]);
  });
});
