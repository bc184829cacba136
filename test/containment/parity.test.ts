import { expect, it } from 'vitest';
import { sampleEvent } from '../../emulator/finding.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { containByEvent, outcomes, useAccount } from './account.ts';
import { worldState } from './world-state.ts';

const accounts = useAccount();

it('leaves the same world behind, by the state machine or by one process', async () => {
  const byMachine = await accounts.open();
  const machineReport = (await containByEvent(byMachine)).output as CaseReport;
  const machineWorld = await worldState(byMachine);

  const byHand = await accounts.open();
  const event = sampleEvent('guardduty-command-and-control', byHand.world.suspectId, new Date());
  const invoke = byHand.stage.invoke;
  const result = await invoke('ContainFunction', event);
  if (!('payload' in result)) throw new Error(result.errorMessage);
  const { cases } = result.payload as { cases: readonly CaseReport[] };
  const handReport = cases[0];

  expect(await worldState(byHand)).toEqual(machineWorld);
  expect(handReport?.status).toBe(machineReport.status);
  expect(handReport?.proof.map(({ control, holds }) => [control, holds])).toEqual(
    machineReport.proof.map(({ control, holds }) => [control, holds]),
  );
  const { 'check-snapshots': _followed, ...machineOutcomes } = outcomes(machineReport);
  expect(outcomes(handReport as CaseReport)).toEqual(machineOutcomes);
});
