import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import { stepNames } from '../../src/case/step.ts';
import { messageOf } from '../../src/notify/message.ts';
import { smsOf } from '../../src/notify/sms.ts';
import { subjectOf } from '../../src/notify/subject.ts';
import { textOf } from '../../src/notify/text.ts';
import { targetWith } from '../case/sample-before.ts';
import { entryOf, proofWith, reportWith, triggerWith } from '../case/sample-report.ts';

const programs = ['sqs', 'lambda', 'http', 'https'] as const;

const bodyOf = (report: CaseReport): Record<string, string> =>
  JSON.parse(messageOf(report).Message);

const bytesOf = (text: string) => Buffer.byteLength(text, 'utf8');

describe('the message', () => {
  it('is text for people and the case report for programs', () => {
    const report = reportWith();
    const { Subject, MessageStructure } = messageOf(report);
    const body = bodyOf(report);
    expect([Subject, MessageStructure]).toEqual([subjectOf(report), 'json']);
    expect(Object.keys(body).toSorted()).toEqual(
      ['default', 'email', 'sms', ...programs].toSorted(),
    );
    expect([body.default, body.email]).toEqual([textOf(report), textOf(report)]);
    expect(body.sms).toBe(smsOf(report));
    for (const program of programs) expect(JSON.parse(body[program] ?? '')).toEqual(report);
  });
});

interface Hugeness {
  readonly unit: string;
  readonly characters: number;
  readonly targets: number;
  readonly risks: number;
}

/** A case as large as the unit, repeated, makes it, in every text that comes from outside. */
const hugeReport = ({ unit, characters, targets, risks }: Hugeness): CaseReport => {
  const text = unit.repeat(characters);
  return reportWith({
    name: text,
    page: `https://us-east-1.console.aws.amazon.com/s3/object/${'x'.repeat(900)}`,
    record: { head: 'a'.repeat(64), number: 3 },
    reason: text,
    undo: Array.from({ length: targets }, (_, at) => `aws elbv2 register-targets ${at}`).join('\n'),
    trigger: triggerWith({ type: text.slice(0, 500), reason: text.slice(0, 500) }),
    steps: stepNames
      .filter((step) => step !== 'check-snapshots')
      .map((step) =>
        entryOf(step, {
          detail: {
            targets: Array.from({ length: targets }, (_, at) => targetWith({ port: at })),
            text,
          },
          error: { code: 'AwsRefusedError', message: text },
        }),
      ),
    proof: proofWith({ targets: { observed: text }, snapshots: { observed: text } }),
    residualRisks: Array.from({ length: risks }, (_, at) => ({
      risk: `risk-${at}`,
      explanation: text,
      remedy: text,
    })),
  });
};

const hugeness: fc.Arbitrary<Hugeness> = fc.record({
  unit: fc.constantFrom('a', '"', '\\', '\n', '\u0001', 'ü', '漢', '😀', 'x😀', '\\"'),
  characters: fc.constantFrom(1, 100, 900, 1_500, 20_000),
  targets: fc.constantFrom(0, 3, 300, 1_000),
  risks: fc.constantFrom(0, 1, 12, 60),
});

describe('however large the case', () => {
  it('the message is one that SNS takes, and programs get a whole report of at most 40 KB', () => {
    fc.assert(
      fc.property(hugeness, (huge) => {
        const report = hugeReport(huge);
        const { Message, Subject } = messageOf(report);
        expect(bytesOf(Message)).toBeLessThanOrEqual(262_144);
        expect(Subject.length).toBeLessThan(100);
        const body: Record<string, string> = JSON.parse(Message);
        for (const program of programs) {
          expect(bytesOf(body[program] ?? '')).toBeLessThanOrEqual(40_000);
          expect(JSON.parse(body[program] ?? '')).toMatchObject({
            caseId: report.caseId,
            status: report.status,
            cut: report.cut,
          });
        }
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it('people are told that the text goes on in the log', () => {
    const body = bodyOf(hugeReport({ unit: 'a', characters: 20_000, targets: 3_000, risks: 12 }));
    expect(body.email).toMatch(/the rest is in the log/);
    expect(bytesOf(body.email ?? '')).toBeLessThan(64_000);
  });

  it('no character is cut in half', () => {
    for (const unit of ['😀', 'x😀', 'xx😀']) {
      const body = bodyOf(hugeReport({ unit, characters: 20_000, targets: 0, risks: 1 }));
      for (const [protocol, text] of Object.entries(body)) {
        expect([protocol, text.isWellFormed()]).toEqual([protocol, true]);
      }
    }
  });
});
