import { expect } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import type { Account } from './account.ts';
import { containByEvent, outcomes, subjects } from './account.ts';
import { worldState } from './world-state.ts';

/** A branch of the runbook, the calls by which it can be made to fail, and what is then not proven. */
export interface Branch {
  readonly service: string;
  readonly actions: readonly string[];
  readonly step: string;
  readonly control: string;
  /** What the subject of a message says. */
  readonly told: string;
}

/** One branch of the deployed state machine fails: the instance is isolated, and people are told. */
export const expectIsolatedWithout = async (
  account: Account,
  { service, actions, step, control, told }: Branch,
): Promise<void> => {
  for (const action of actions) {
    account.emulator.traffic.inject({ service, action, kind: 'denied', times: Infinity });
  }
  const ended = await containByEvent(account);
  const report = ended.output as CaseReport;
  expect(report.status).toBe('partial');
  expect(outcomes(report)[step]).toBe('failed');
  expect(outcomes(report)['isolate-network']).toBe('done');
  expect(report.proof.find((one) => one.control === control)?.holds).not.toBe(true);
  expect(report.reason).toContain(control);
  expect((await worldState(account)).suspectGroups).toEqual([
    ['cordon-isolation-full'],
    ['cordon-isolation-full'],
  ]);
  expect(subjects(account).some((subject) => subject.includes(told))).toBe(true);
};
