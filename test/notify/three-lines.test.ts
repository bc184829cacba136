import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DriftNews } from '../../src/case/drift-news.ts';
import type { Status } from '../../src/case/judgement.ts';
import { driftMessage } from '../../src/notify/drift-message.ts';
import { evidenceMessage } from '../../src/notify/evidence-message.ts';
import { livingMessage } from '../../src/notify/living-message.ts';
import type { Message } from '../../src/notify/message.ts';
import { messageOf } from '../../src/notify/message.ts';
import { notReadyMessage } from '../../src/notify/not-ready-message.ts';
import { rejectionMessage } from '../../src/notify/rejection.ts';
import { stopMessage } from '../../src/notify/stop-message.ts';
import { unreadMessage } from '../../src/notify/unread.ts';
import { accountId, instanceId, region } from '../case/sample-before.ts';
import { caseId, reportOfFailure, reportWith, triggerWith } from '../case/sample-report.ts';

const place = { caseId, instanceId, accountId, region };
const at = '2026-11-20T03:10:00.000Z';

const stop = {
  until: new Date('2026-11-20T07:10:00Z'),
  since: new Date(at),
  who: 'alice',
  reason: 'false alarms',
};

const drifted = (kind: DriftNews['kind']): Message =>
  driftMessage({ ...place, kind, at, what: 'something', proof: [] });

const reported = (status: Status): Message =>
  messageOf({ ...(status === 'contained' ? reportWith() : reportOfFailure()), status });

/** Every kind of message that Cordon sends. */
const messages: Readonly<Record<string, () => Message>> = {
  CONTAINED: () => reported('contained'),
  'NOT CONTAINED': () => reported('failed'),
  OBSERVED: () => reported('planned'),
  SKIPPED: () => reported('skipped'),
  ASKED: () => reported('asked'),
  REFUSED: () => reported('refused'),
  RELEASED: () => reported('released'),
  'NOT FULLY RELEASED': () => reported('release-incomplete'),
  CLOSED: () => reported('closed'),
  'OPEN AGAIN': () => drifted('open-again'),
  'ISOLATED AGAIN': () => drifted('isolated-again'),
  TOUCHED: () => drifted('touched'),
  'STATE CHANGED': () => drifted('state'),
  'LEFT OPEN': () => drifted('left-open'),
  EVIDENCE: () =>
    evidenceMessage({ ...place, ended: [], manifest: { key: 'manifest.json', signed: true } }),
  'CONNECTION LIVES': () =>
    livingMessage({
      ...{ caseId, accountId, region, instance: { id: instanceId, region } },
      ...{ interfaceId: 'eni-1', peer: '198.51.100.7', connection: 'tcp', bytes: 1 },
      ...{ from: at, until: at, denies: [] },
    }),
  'NOT CONTAINED, INSTANCE UNKNOWN': () =>
    unreadMessage({ trigger: triggerWith(), why: 'it names none', clues: [], accountId, region }),
  REJECTED: () => rejectionMessage('It is not known.', {}),
  STOPPED: () => stopMessage({ kind: 'stopped', stop }, { stackName: 'cordon', region }),
  'STILL STOPPED': () => stopMessage({ kind: 'still-stopped', stop }, { stackName: 'c', region }),
  STARTED: () =>
    stopMessage({ kind: 'started', who: 'alice', reason: 'over' }, { stackName: 'c', region }),
  'NOT READY': () => notReadyMessage([{ vpcId: 'vpc-1', error: 'denied' }], region),
};

const linesOf = ({ Message }: Message): readonly string[] =>
  String(JSON.parse(Message).default).split('\n');

describe('every message', () => {
  it.each(Object.entries(messages))('%s stands first, in the subject and last', (word, make) => {
    const message = make();
    const lines = linesOf(message);
    expect(message.Subject.startsWith(`[Cordon] ${word}`)).toBe(true);
    expect(lines.at(0)?.startsWith(word)).toBe(true);
    expect(lines.at(-1)?.startsWith(word)).toBe(true);
  });

  it.each(Object.entries(messages))(
    '%s says in three lines what stands, what to do, and where',
    (_word, make) => {
      const [stands, step, where] = linesOf(make());
      for (const line of [stands, step, where]) expect(line).toMatch(/\S/);
      expect(where).toMatch(/us-east-1|DeadLetterQueueUrl/);
    },
  );

  it.each(Object.entries(messages))('%s is short on a telephone', (_word, make) => {
    const { sms } = JSON.parse(make().Message);
    expect(sms).toMatch(/^Cordon [\x20-\x7e]{1,133}$/);
  });
});

describe('whatever an instance is called', () => {
  it('the three lines stay three, and the name is in quotation marks', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 300 }), (name) => {
        const lines = linesOf(messageOf(reportWith({ name })));
        expect(lines[0]).toMatch(/^CONTAINED i-/);
        expect(lines[2]).toMatch(/^"[^"]*", account 123456789012, us-east-1, case /);
        expect(lines[3]).toBe('');
      }),
    );
  });
});
