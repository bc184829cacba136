import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import { fitReport, maximumReportBytes } from '../../src/case/report-size.ts';
import type { StepEntry } from '../../src/case/step.ts';
import { stepNames } from '../../src/case/step.ts';
import { targetWith } from './sample-before.ts';
import { entryOf, failedEntryOf, proofWith, reportWith } from './sample-report.ts';

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value), 'utf8');

/** Texts that grow in JSON: quotes, backslashes, line breaks, characters of four bytes. */
const nasty = fc.constantFrom('a', '"', '\\', '\n', '\u0001', 'ü', '漢', '😀');

const longText = fc
  .tuple(nasty, fc.constantFrom(0, 10, 300, 2_500, 12_000))
  .map(([unit, times]) => unit.repeat(times));

const manyTargets = (count: number) =>
  Array.from({ length: count }, (_, index) => targetWith({ port: index, zone: `zone-${index}` }));

/** A step with long lists of objects and a long error. */
const hugeEntry = (step: StepEntry['step'], text: string, count: number): StepEntry =>
  entryOf(step, {
    detail: { targets: manyTargets(count), words: Array.from({ length: 20 }, () => text), text },
    error: { code: 'AwsRefusedError', message: text },
  });

interface Hugeness {
  readonly text: string;
  readonly other: string;
  readonly count: number;
  readonly risks: number;
  readonly steps: readonly StepEntry['step'][];
}

const hugeness: fc.Arbitrary<Hugeness> = fc.record({
  text: longText,
  other: longText,
  count: fc.integer({ min: 0, max: 1_000 }),
  risks: fc.integer({ min: 0, max: 60 }),
  steps: fc.subarray([...stepNames]),
});

const hugeReport = ({ text, other, count, risks, steps }: Hugeness): CaseReport =>
  reportWith({
    reason: text,
    undo: other,
    steps: steps.map((step) => hugeEntry(step, text, count)),
    proof: proofWith({ targets: { observed: other }, snapshots: { observed: text } }),
    residualRisks: Array.from({ length: risks }, (_, index) => ({
      risk: `risk-${index}`,
      explanation: text,
      remedy: other,
    })),
  });

describe('a report that fits', () => {
  it('is left as it is', () => {
    const report = reportWith();
    expect(fitReport(report)).toBe(report);
    expect(report).not.toHaveProperty('truncated');
  });
});

describe('a report that is too long', () => {
  const report = reportWith({
    steps: [
      entryOf('describe'),
      entryOf('deregister-load-balancers', { detail: { targets: manyTargets(2_000) } }),
    ],
  });

  it('says that it was shortened, and how long its lists were', () => {
    const fitted = fitReport(report);
    expect(fitted.truncated).toBe(true);
    const detail = fitted.steps[1]?.detail as { targets: unknown[]; targetsCount: number };
    expect(detail.targetsCount).toBe(2_000);
    expect(detail.targets.length).toBeGreaterThan(0);
    expect(bytesOf(fitted)).toBeLessThanOrEqual(maximumReportBytes);
  });

  it('keeps what a program decides by', () => {
    const fitted = fitReport(report, 3_000);
    expect(fitted).toMatchObject({
      caseId: report.caseId,
      status: report.status,
      cut: report.cut,
      isolatedAt: report.isolatedAt,
      trigger: report.trigger,
    });
    expect(fitted.steps.map(({ step, outcome }) => [step, outcome])).toEqual(
      report.steps.map(({ step, outcome }) => [step, outcome]),
    );
    expect(fitted.proof.map(({ control, holds }) => [control, holds])).toEqual(
      report.proof.map(({ control, holds }) => [control, holds]),
    );
  });

  it('never keeps half an undo: it has the command, and a count', () => {
    const command = 'cordon release i-0a1b2c3d4e5f60718 --region us-east-1';
    const aws = Array.from({ length: 500 }, (_, at) => `aws ec2 command-${at} --and more`);
    const undo = [command, '# Or:', ...aws].join('\n');
    for (const limit of [4_000, 8_000, 12_000, maximumReportBytes]) {
      const fitted = fitReport({ ...report, undo }, limit);
      const short = expect.stringMatching(/^cordon release i-.*\n# The same are 500 AWS commands/);
      expect([undo, short]).toContainEqual(fitted.undo);
    }
  });

  it('is at most as long as a message may carry, whatever the steps wrote into it', () => {
    fc.assert(
      fc.property(hugeness, (huge) => {
        expect(bytesOf(fitReport(hugeReport(huge)))).toBeLessThanOrEqual(maximumReportBytes);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it('fits though a hundred risks name a thousand places each', () => {
    const places = Array.from({ length: 1_000 }, (_, at) => `eni-${at} via nat-${at}`).join(', ');
    const huge = reportWith({
      steps: stepNames.map((step) => hugeEntry(step, `"${places}"`, 3)),
      residualRisks: Array.from({ length: 100 }, (_, at) => ({
        risk: `risk-${at}`,
        explanation: places,
        remedy: places,
      })),
    });
    expect(bytesOf(fitReport(huge))).toBeLessThanOrEqual(maximumReportBytes);
  });

  it('fits though what triggered it has a name of any length', () => {
    const trigger = { ...report.trigger, type: 'x'.repeat(50_000), reason: '"'.repeat(50_000) };
    expect(bytesOf(fitReport(reportWith({ trigger })))).toBeLessThanOrEqual(maximumReportBytes);
  });

  it('cuts no character in half', () => {
    for (const offset of ['', 'x']) {
      const text = `${offset}${'😀'.repeat(30_000)}`;
      const fitted = fitReport(
        reportWith({
          reason: text,
          steps: [failedEntryOf('snapshot', text)],
          proof: proofWith({ snapshots: { observed: text } }),
        }),
      );
      expect(JSON.stringify(fitted)).not.toMatch(/\\ud[89a-f]/i);
    }
  });
});
