import { describe, expect, it } from 'vitest';
import { smsOf } from '../../src/notify/sms.ts';
import { subjectOf } from '../../src/notify/subject.ts';
import { textOf } from '../../src/notify/text.ts';
import { reportWith } from '../case/sample-report.ts';

const until = '2026-03-01T03:27:09.000Z';

const asked = (question: object = {}) => {
  const {
    isolatedAt: _never,
    secondsToIsolate: _none,
    ...open
  } = reportWith({
    status: 'asked',
    reason: 'The mode for its severity is ask.',
    isolate: 'aws ec2 modify-network-interface-attribute',
  });
  return { ...open, question: { until, otherwise: 'contain' as const, ...question } };
};

describe('The message of a question', () => {
  it('says what stands, until when to answer and what happens otherwise, and the two commands', () => {
    const report = asked();
    const lines = textOf(report).split('\n');
    expect(lines[0]).toContain(`ASKED, THE HOST IS OPEN NOW ${report.instanceId}`);
    expect(lines[1]).toBe(
      'Decide by 2026-03-01 03:27Z, with a command below. Without an answer it is contained then.',
    );
    expect(textOf(report)).toContain(`cordon approve ${report.caseId} --region`);
    expect(textOf(report)).toContain(`cordon refuse ${report.caseId} --region`);
    expect(textOf(report)).not.toContain('aws ec2 modify-network-interface-attribute');
    expect(smsOf(report)).toContain('ACT NOW');
  });

  it('says that the host stays open where the settings have it so', () => {
    expect(textOf(asked({ otherwise: 'leave-open' }))).toContain(
      'Without an answer it stays open.',
    );
  });

  it('names containing alone where no table holds the question', () => {
    const text = textOf(asked({ unanswerable: true }));
    expect(text).toContain('cordon contain ');
    expect(text).not.toContain('cordon approve');
  });
});

it('a case that began without the table says that a second run may follow', () => {
  const words = 'The case table did not answer';
  expect(textOf(reportWith({ unlocked: true }))).toContain(words);
  expect(textOf(reportWith())).not.toContain(words);
});

describe('The message of a refusal', () => {
  it('says that the host is open, and how both are undone', () => {
    const text = textOf(reportWith({ status: 'refused', reason: 'Refused by "sam".' }));
    expect(text).toContain('The host is open. If that was wrong, contain it: cordon contain ');
    expect(text).toContain('Take its protections off again: cordon release ');
  });
});

describe('The message of activity after the cut', () => {
  it('is the loudest, says how long after the cut, and counts no seconds to a cut long made', () => {
    const report = reportWith({
      status: 'contained',
      earlier: { status: 'contained', activeAfterCut: '2026-03-01T02:00:00Z' },
      trigger: { ...reportWith().trigger, at: '2026-03-01T03:00:00Z' },
    });
    expect(subjectOf(report)).toMatch(
      /^\[Cordon\] ACTIVITY CONTINUES AFTER CONTAINMENT i-[0-9a-f]+: /,
    );
    expect(textOf(report).split('\n')[0]).toContain('was seen 60 min after the cut');
    expect(textOf(report).split('\n')[1]).toMatch(/^It is isolated as far as AWS shows, and talks/);
  });
});
