import type { DriftNews } from '../../src/case/drift-news.ts';
import type { Status } from '../../src/case/judgement.ts';
import { driftMessage } from '../../src/notify/drift-message.ts';
import { evidenceMessage } from '../../src/notify/evidence-message.ts';
import { livingMessage } from '../../src/notify/living-message.ts';
import type { Message } from '../../src/notify/message.ts';
import { messageOf } from '../../src/notify/message.ts';
import { notReadyMessage } from '../../src/notify/not-ready-message.ts';
import { rejectionMessage } from '../../src/notify/rejection.ts';
import { reviewMessage } from '../../src/notify/review-message.ts';
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

/** Every kind of message that Cordon sends, by the word that it begins with. */
export const messages: Readonly<Record<string, () => Message>> = {
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
  'EVIDENCE, 1 OF 1 KINDS MISSING': () =>
    evidenceMessage({
      ...place,
      ended: [{ collector: 'memory', what: 'memory', outcome: 'failed', sentence: 'Denied.' }],
      manifest: { trouble: 'denied' },
    }),
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
  'OPEN CASE': () => reviewMessage({ ...place, status: 'contained', unseenSeconds: 93_600 }),
  'NOT READY': () => notReadyMessage([{ vpcId: 'vpc-1', error: 'denied' }], region),
};
