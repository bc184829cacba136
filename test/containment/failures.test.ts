import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import { containByEvent, outcomes, subjects, toldReports, useAccount } from './account.ts';
import { expectIsolatedWithout } from './failing-branch.ts';
import { makeGroups } from './make-groups.ts';
import { worldState } from './world-state.ts';

const accounts = useAccount();

const lastReport = (reports: readonly CaseReport[]): CaseReport => {
  const last = reports.at(-1);
  if (last === undefined) throw new Error('Nobody was told anything');
  return last;
};

/** A call that AWS denies, the step that fails for it, and the control that then does not hold. */
describe('When one branch fails', () => {
  it('isolates although the load balancers keep the instance', async () => {
    await expectIsolatedWithout(await accounts.open(), {
      service: 'elasticloadbalancing',
      actions: ['DeregisterTargets'],
      step: 'deregister-load-balancers',
      control: 'targets',
      // Whoever came in by a tracked load balancer may still be there.
      told: 'OLD CONNECTIONS MAY LIVE',
    });
  });

  // threat C8
  it('isolates although no tag can be written, and says that only the log can undo it', async () => {
    const account = await accounts.open();
    account.emulator.traffic.inject({
      service: 'ec2',
      action: 'CreateTags',
      kind: 'denied',
      times: Infinity,
    });
    const report = (await containByEvent(account)).output as CaseReport;
    expect(report.status).toBe('contained');
    expect(outcomes(report).tag).toBe('failed');
    expect(report.residualRisks.map(({ risk }) => risk)).toContain('undo-from-log-only');
    const remembered = account.log.filter((line) => line.includes('cordon:original-groups'));
    expect(remembered.some((line) => line.includes(account.world.webGroupId))).toBe(true);
  });

  it('tells of the case although verify cannot read the targets', async () => {
    const account = await accounts.open();
    account.emulator.traffic.inject({
      service: 'elasticloadbalancing',
      action: 'DescribeTargetGroups',
      kind: 'denied',
      times: Infinity,
    });
    const report = (await containByEvent(account)).output as CaseReport;
    expect(report.status).toBe('partial');
    expect(report.proof.find((one) => one.control === 'targets')?.holds).toBe('unknown');
  });
});

describe('When the instance cannot be isolated', () => {
  it('raises the alarm first and fails the execution then', async () => {
    const account = await accounts.open();
    await makeGroups(account);
    account.emulator.traffic.inject({
      service: 'ec2',
      action: 'ModifyNetworkInterfaceAttribute',
      kind: 'denied',
      times: Infinity,
    });
    const ended = await containByEvent(account);
    expect(ended).toMatchObject({ status: 'FAILED', error: 'NotContainedError' });
    expect(ended.cause).toMatch(/^isolate-network/);
    expect(lastReport(toldReports(account))).toMatchObject({ status: 'failed', cut: 'none' });
    expect(subjects(account)[0]).toContain('NOT CONTAINED');
    expect(subjects(account).some((subject) => subject.includes('ISOLATED'))).toBe(false);
    const state = await worldState(account);
    expect(state.suspectGroups).toEqual([['web'], ['admin', 'web']]);
    expect(state.suspect.termination).toBe(true);
    expect(state.snapshots).toBe(3);
  });

  it('says so when no isolation group can be made', async () => {
    const account = await accounts.open();
    account.emulator.traffic.inject({
      service: 'ec2',
      action: 'CreateSecurityGroup',
      kind: 'denied',
      times: Infinity,
    });
    const ended = await containByEvent(account);
    expect(ended.error).toBe('NotContainedError');
    expect(outcomes(lastReport(toldReports(account)))['prepare-isolation']).toBe('failed');
  });

  it('raises the alarm for an instance that does not exist, after a few looks of one run', async () => {
    const account = await accounts.open();
    const gone = { ...account, world: { ...account.world, suspectId: 'i-00000000000000000' } };
    const ended = await containByEvent(gone);
    expect(ended.error).toBe('NotContainedError');
    expect(subjects(account)[0]).toContain('NOT CONTAINED i-00000000000000000');
    const runs = ended.history.filter(
      ({ type, stateEnteredEventDetails: state }) =>
        type === 'TaskStateEntered' && state?.name === 'Describe',
    );
    expect(runs).toHaveLength(1);
    expect(ended.history.filter(({ type }) => type === 'LambdaFunctionScheduled')).toHaveLength(
      // Describe, the report, the message.
      3,
    );
  });

  it('goes straight to isolation when the transition group is refused', async () => {
    const account = await accounts.open();
    account.emulator.traffic.inject({
      service: 'ec2',
      action: 'AuthorizeSecurityGroupIngress',
      kind: 'denied',
      times: Infinity,
    });
    const report = (await containByEvent(account)).output as CaseReport;
    expect(report).toMatchObject({ status: 'partial', cut: 'new-flows-only' });
    expect(subjects(account)[0]).toContain('ISOLATED, OLD CONNECTIONS MAY LIVE');
    expect((await worldState(account)).suspectGroups).toEqual([
      ['cordon-isolation-full'],
      ['cordon-isolation-full'],
    ]);
  });
});
