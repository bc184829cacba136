import { expect } from 'vitest';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Account, AccountOptions, useAccount } from './account.ts';
import { containByEvent, outcomes } from './account.ts';
import { worldState } from './world-state.ts';

const byHand = async ({ stage, world }: Account): Promise<CaseReport> => {
  const event = sampleEvent('guardduty-command-and-control', world.suspectId, new Date());
  const result = await stage.invoke('ContainFunction', event);
  if (!('payload' in result)) throw new Error(result.errorMessage);
  const [report] = (result.payload as { cases: readonly CaseReport[] }).cases;
  if (report === undefined) throw new Error('There was no case');
  return report;
};

const proven = ({ proof }: CaseReport) => proof.map(({ control, holds }) => [control, holds]);
const risksOf = ({ residualRisks }: CaseReport) => residualRisks.map(({ risk }) => risk).toSorted();

/** By hand nobody waits for the snapshots, and the last report has what became of its message. */
const madeBy = (report: CaseReport): Record<string, string> => {
  const { 'check-snapshots': _followed, notify: _told, ...steps } = outcomes(report);
  return steps;
};

/** A process has no record behind it yet when it writes its tags: its outbox is emptied afterwards. */
const comparable = ({ tagKeys, ...world }: Awaited<ReturnType<typeof worldState>>) => ({
  ...world,
  tagKeys: tagKeys.filter((key) => key !== 'i cordon:record'),
});

/** The state machine and one process leave the same world behind, and say the same of it. */
export const expectTheSameBothWays = async (
  accounts: ReturnType<typeof useAccount>,
  options: AccountOptions = {},
): Promise<void> => {
  const deployed = await accounts.open(options);
  const ended = await containByEvent(deployed);
  const machine = ended.output as CaseReport;
  const worldAfterMachine = await worldState(deployed);

  const local = await accounts.open(options);
  const hand = await byHand(local);
  expect(comparable(await worldState(local))).toEqual(comparable(worldAfterMachine));
  expect(hand).toMatchObject({ status: machine.status, cut: machine.cut });
  expect(proven(hand)).toEqual(proven(machine));
  expect(risksOf(hand)).toEqual(risksOf(machine));
  expect(madeBy(hand)).toEqual(madeBy(machine));
};
