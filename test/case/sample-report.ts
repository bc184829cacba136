import type { Before } from '../../src/case/before.ts';
import type { Case, Trigger } from '../../src/case/case.ts';
import type { Control, ControlName } from '../../src/case/control.ts';
import { controlNames } from '../../src/case/control.ts';
import type { IsolationDetail, PrepareDetail, VerifyDetail } from '../../src/case/details.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { StepEntry, StepName } from '../../src/case/step.ts';
import { accountId, beforeWith, instanceId, region } from './sample-before.ts';

/** A case that went as it should; every builder takes what should be different. */

export const caseId = `20261120T0300Z-${instanceId}`;

export const triggerWith = (changes: Partial<Trigger> = {}): Trigger => ({
  source: 'guardduty',
  id: 'a4c1f0e2b3d4958677a8b9c0d1e2f304',
  type: 'Backdoor:EC2/C&CActivity.B',
  severity: 8,
  at: '2026-11-20T02:59:00.000Z',
  ...changes,
});

export const manualTrigger: Trigger = {
  source: 'manual',
  id: 'by-hand',
  type: 'manual',
  severity: null,
  at: '2026-11-20T03:00:00.000Z',
};

export const caseWith = (changes: Partial<Case> = {}): Case => ({
  caseId,
  instanceId,
  accountId,
  region,
  trigger: triggerWith(),
  dryRun: false,
  ...changes,
});

/** The entry of a step that went through, a second after the case began. */
export const entryOf = (step: StepName, changes: Partial<StepEntry> = {}): StepEntry => ({
  step,
  outcome: 'done',
  startedAt: '2026-11-20T03:00:01.000Z',
  finishedAt: '2026-11-20T03:00:01.500Z',
  detail: {},
  ...changes,
});

export const failedEntryOf = (step: StepName, message: string, code = 'AwsDeniedError') =>
  entryOf(step, { outcome: 'failed', error: { code, message } });

export const describedEntry = (before: Before = beforeWith(), theCase: Case = caseWith()) =>
  entryOf('describe', {
    startedAt: '2026-11-20T03:00:00.000Z',
    finishedAt: '2026-11-20T03:00:00.400Z',
    detail: { case: theCase, before },
  });

export const preparedEntry = (changes: Partial<PrepareDetail> = {}): StepEntry =>
  entryOf('prepare-isolation', {
    detail: {
      groups: { 'eni-0a1b2c3d4e5f60718': { isolation: ['sg-0000000000000000a'] } },
      originals: { 'eni-0a1b2c3d4e5f60718': ['sg-0123456789abcdef0'] },
      risks: [],
      ...changes,
    } satisfies PrepareDetail,
  });

export const isolationWith = (changes: Partial<IsolationDetail> = {}): IsolationDetail => ({
  interfaces: [
    {
      id: 'eni-0a1b2c3d4e5f60718',
      from: ['sg-0123456789abcdef0'],
      to: ['sg-0000000000000000a'],
      outcome: 'isolated',
    },
  ],
  isolatedAt: '2026-11-20T03:00:01.900Z',
  cut: 'complete',
  profile: 'full',
  openMilliseconds: 1000,
  risks: [],
  ...changes,
});

export const isolatedEntry = (changes: Partial<IsolationDetail> = {}): StepEntry =>
  entryOf('isolate-network', { detail: isolationWith(changes) });

/** All nine controls hold, but for those that are given otherwise. */
export const proofWith = (
  changes: Partial<Record<ControlName, Partial<Control>>> = {},
): readonly Control[] =>
  controlNames.map((control) => ({
    control,
    holds: true,
    required: true,
    observed: 'as it should be',
    readAt: '2026-11-20T03:00:08.000Z',
    ...changes[control],
  }));

export const verificationWith = (changes: Partial<VerifyDetail> = {}): VerifyDetail => ({
  proof: proofWith(),
  cut: 'complete',
  risks: [],
  ...changes,
});

export const verifiedEntry = (changes: Partial<VerifyDetail> = {}): StepEntry =>
  entryOf('verify', { detail: verificationWith(changes) });

/** A contained case, as a message tells it. */
export const reportWith = (changes: Partial<CaseReport> = {}): CaseReport => ({
  caseId,
  instanceId,
  accountId,
  region,
  status: 'contained',
  reason: 'Every network interface is isolated and every required control holds.',
  cut: 'complete',
  trigger: triggerWith(),
  startedAt: '2026-11-20T03:00:00.000Z',
  isolatedAt: '2026-11-20T03:00:01.900Z',
  finishedAt: '2026-11-20T03:00:12.000Z',
  secondsToIsolate: 1.9,
  secondsFromFinding: 61.9,
  steps: [entryOf('describe'), isolatedEntry(), verifiedEntry()],
  proof: proofWith(),
  residualRisks: [],
  undo: 'aws ec2 modify-network-interface-attribute --region us-east-1 --network-interface-id eni-0a1b2c3d4e5f60718 --groups sg-0123456789abcdef0',
  ...changes,
});

/** The report of a case in which nothing was isolated. */
export const reportOfFailure = (changes: Partial<CaseReport> = {}): CaseReport => {
  const {
    isolatedAt: _at,
    secondsToIsolate: _seconds,
    secondsFromFinding: _finding,
    ...rest
  } = reportWith({
    status: 'failed',
    cut: 'none',
    reason: 'isolate-network failed: eni-0a1b2c3d4e5f60718 is not in its isolation group.',
    steps: [
      entryOf('describe'),
      failedEntryOf(
        'isolate-network',
        'eni-0a1b2c3d4e5f60718 is not in its isolation group',
        'IsolationIncompleteError',
      ),
    ],
    proof: [],
    ...changes,
  });
  return rest;
};
