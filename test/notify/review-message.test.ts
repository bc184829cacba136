import fc from 'fast-check';
import { expect, it } from 'vitest';
import { reviewMessage } from '../../src/notify/review-message.ts';

const instanceId = 'i-0123456789abcdef0';
const overdue = {
  instanceId,
  caseId: `20260301T030000Z-${instanceId}`,
  region: 'eu-central-1',
  status: 'contained',
  unseenSeconds: 26 * 3_600 + 1_200,
};

it('says in the subject which case it is and for how long nobody has looked', () => {
  const subjectAfter = (hours: number) =>
    reviewMessage({ ...overdue, unseenSeconds: hours * 3_600 }).Subject;
  expect(subjectAfter(1)).toBe(`[Cordon] OPEN CASE ${instanceId}: nobody has looked for 1 hour`);
  expect(subjectAfter(26)).toBe(`[Cordon] OPEN CASE ${instanceId}: nobody has looked for 26 hours`);
  expect(subjectAfter(75)).toBe(`[Cordon] OPEN CASE ${instanceId}: nobody has looked for 3 days`);
});

it('says what to do now in its first three lines, and how to end the case', () => {
  const { default: text } = JSON.parse(reviewMessage(overdue).Message);
  const [first, second, third] = text.split('\n');
  expect(first).toContain('nobody has looked for 26 hours');
  expect(second).toBe(`Take it, and look: cordon take ${overdue.caseId} --region eu-central-1`);
  expect(third).toBe(`case ${overdue.caseId}, eu-central-1`);
  expect(text).toContain(`cordon release ${instanceId} --region eu-central-1 --close --reason why`);
});

it('quotes the owner, whatever they call themselves', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (owner) => {
      const message = reviewMessage({
        ...overdue,
        ownership: { owner, takenAt: '2026-03-01T03:00:00Z' },
      });
      const { default: text, sms } = JSON.parse(message.Message);
      expect(text.split('\n')).toHaveLength(13);
      expect(sms.length).toBeLessThanOrEqual(140);
      expect(message.Subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    }),
  );
});
