import { expect } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import type { CollectorOutcome } from '../../src/record/evidence-store/outcome.ts';
import type { Account } from './account.ts';
import { containByEvent, subjects } from './account.ts';
import { collected, storeOf } from './evidence-scene.ts';
import type { HappyCall, troubles } from './faults.ts';

/** The calls of a collection that waits for no time to pass, as the traffic names them. */
export const evidenceCalls: readonly HappyCall[] = [
  { service: 's3', action: 'PutObject' },
  { service: 's3', action: 'ListObjectsV2' },
  { service: 's3', action: 'GetObject' },
  { service: 's3', action: 'HeadObject' },
  { service: 'ec2', action: 'GetConsoleOutput' },
  { service: 'ec2', action: 'GetConsoleScreenshot' },
  { service: 'ec2', action: 'DescribeLockedSnapshots' },
  { service: 'ec2', action: 'LockSnapshot' },
  { service: 'ec2', action: 'DescribeTrafficMirrorSessions' },
  { service: 'ec2', action: 'CreateTrafficMirrorFilter' },
  { service: 'ec2', action: 'CreateTrafficMirrorFilterRule' },
  { service: 'ec2', action: 'CreateTrafficMirrorSession' },
  { service: 'kms', action: 'Sign' },
  { service: 'states', action: 'StartExecution' },
];

type Ended = readonly Pick<CollectorOutcome, 'collector' | 'outcome'>[];

/**
 * One call of a collection goes wrong in one way: the case is what it would have been, people are told, and
 * nothing is said to be kept that does not lie in the store.
 */
export const expectUntouchedCase = async (
  account: Account,
  { service, action }: HappyCall,
  { kind, times }: (typeof troubles)[number],
): Promise<void> => {
  const { traffic } = account.emulator;
  traffic.inject({
    ...{ service, action, kind, times },
    // Intake starts executions too, of another machine.
    matches: (params) => service !== 'states' || JSON.stringify(params).includes('Evidence'),
  });
  const report = (await containByEvent(account)).output as CaseReport;
  expect(report.status).toBe('contained');
  const step = report.steps.find((one) => one.step === 'collect-evidence');
  if (step?.outcome === 'failed') {
    traffic.clearFaults();
    expect(subjects(account).length).toBeGreaterThan(1);
    return;
  }
  const { status, output } = await collected(account, report);
  traffic.clearFaults();
  expect(status).toBe('SUCCEEDED');
  const { ended } = output as unknown as { readonly ended: Ended };
  const kept = new Set((await storeOf(account, report).pieces()).map(({ collector }) => collector));
  for (const { collector, outcome } of ended) {
    if (outcome === 'done') expect(kept, collector).toContain(collector);
  }
  expect(subjects(account).some((one) => one.startsWith('[Cordon] EVIDENCE, '))).toBe(true);
};
