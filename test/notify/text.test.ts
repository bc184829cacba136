import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import type { StepEntry } from '../../src/case/step.ts';
import { smsOf, textOf } from '../../src/notify/text.ts';
import { anyText } from '../case/any-text.ts';
import { instanceId } from '../case/sample-before.ts';
import {
  caseId,
  entryOf,
  failedEntryOf,
  isolatedEntry,
  manualTrigger,
  proofWith,
  reportOfFailure,
  reportWith,
  triggerWith,
} from '../case/sample-report.ts';

/** The lines under a title of the text, up to the next blank line; undefined if there is none. */
const sectionOf = (text: string, title: string): string | undefined =>
  text
    .split('\n\n')
    .find((part) => part.startsWith(title))
    ?.slice(title.length);

const sectionIn = (report: CaseReport, title: string) => sectionOf(textOf(report), title);

describe('the message to somebody who was just woken', () => {
  const report = reportWith({
    status: 'partial',
    reason: 'Every network interface is isolated, but not everything holds: snapshots.',
    steps: [
      entryOf('describe'),
      isolatedEntry(),
      failedEntryOf('snapshot', 'Not allowed: ec2:CreateSnapshots.', 'SnapshotsFailedError'),
    ],
    proof: proofWith({ snapshots: { holds: false, observed: '1 volumes: no snapshot' } }),
    residualRisks: [{ risk: 'resolver-dns', explanation: 'DNS gets out.', remedy: 'Block it.' }],
    undo: 'aws ec2 first\naws ec2 second',
  });

  it('begins with what happened to which instance, and the reason', () => {
    expect(textOf(report).split('\n').slice(0, 3)).toEqual([
      `PARTIAL: ${instanceId}`,
      '',
      report.reason,
    ]);
  });

  it('says what was seen, by whom, where and how fast', () => {
    const happened = sectionIn(report, 'WHAT HAPPENED');
    expect(happened).toContain('Backdoor:EC2/C&CActivity.B (guardduty, severity 8)');
    expect(happened).toContain('account 123456789012, Region us-east-1');
    expect(happened).toContain(caseId);
    expect(happened).toContain('1.9 s after Cordon began');
    expect(happened).toContain('62 s after the finding was last seen');
  });

  it('says what was done and what was not, in words', () => {
    expect(sectionIn(report, 'DONE')).toContain('its network interfaces were isolated');
    expect(sectionIn(report, 'DONE')).not.toContain('snapshot');
    expect(sectionIn(report, 'NOT DONE')).toContain('snapshot: Not allowed: ec2:CreateSnapshots.');
  });

  it('says what holds and what does not', () => {
    const proof = sectionIn(report, 'PROOF');
    expect(proof).toContain('holds: eni-groups');
    expect(proof).toContain('DOES NOT HOLD: snapshots: 1 volumes: no snapshot');
    const unknown = reportWith({ proof: proofWith({ targets: { holds: 'unknown' } }) });
    expect(sectionIn(unknown, 'PROOF')).toContain('UNKNOWN: targets');
  });

  it('says what remains and what to do about it', () => {
    expect(sectionIn(report, 'WHAT REMAINS')).toMatch(
      /resolver-dns: DNS gets out\.\s+do: Block it\./,
    );
  });

  it('says how to undo it, each command on its own line', () => {
    expect(sectionIn(report, 'UNDO')).toContain('\n  aws ec2 first\n  aws ec2 second');
  });

  it('says where to look', () => {
    expect(sectionIn(report, 'LOOK')).toContain(`instanceId=${instanceId}`);
    expect(sectionIn(reportWith({ region: 'cn-north-1' }), 'LOOK')).toContain('amazonaws.cn');
  });

  it('says that lists were shortened', () => {
    expect(textOf(reportWith({ truncated: true }))).toMatch(/shortened/);
    expect(textOf(reportWith())).not.toMatch(/shortened/);
  });

  it('leaves out what there is nothing to say about', () => {
    const text = textOf(reportWith());
    expect(text).not.toContain('NOT DONE');
    expect(text).not.toContain('WHAT REMAINS');
    expect(text).not.toMatch(/undefined|null|NaN|\[object/);
  });
});

describe('a case that failed', () => {
  it('says to act now, and how', () => {
    const text = textOf(reportOfFailure());
    expect(text.split('\n')[0]).toBe(`NOT CONTAINED: ${instanceId}`);
    expect(text).toContain('ACT NOW');
    expect(text).toContain('isolation group by hand');
    expect(text).toContain(reportOfFailure().reason);
    expect(smsOf(reportOfFailure())).toContain('ACT NOW');
  });

  it('does not say that an instance is connected of which nothing could be read', () => {
    const message = `The instance ${instanceId} does not exist in this account and Region`;
    const gone = reportOfFailure({
      reason: `describe failed: ${message}.`,
      steps: [failedEntryOf('describe', message, 'InstanceNotFoundError')],
    });
    expect(textOf(gone)).toContain(message);
    expect(textOf(gone)).not.toContain('is still connected');
  });
});

describe('a case that is running', () => {
  it('says that proof follows, and offers no undo yet', () => {
    const { finishedAt: _finished, ...report } = reportWith({ status: 'running', proof: [] });
    expect(textOf(report)).toContain('follow in a second message');
    expect(textOf(report)).not.toContain('UNDO');
  });
});

describe('a dry run', () => {
  it('does not list as done what was only planned', () => {
    const {
      isolatedAt: _at,
      secondsToIsolate: _seconds,
      ...report
    } = reportWith({
      status: 'planned',
      cut: 'none',
      reason: 'A dry run: nothing was changed.',
      steps: [
        entryOf('describe'),
        entryOf('isolate-network', { outcome: 'planned', detail: { calls: [] } }),
        entryOf('snapshot', { outcome: 'planned', detail: { calls: [] } }),
      ],
      proof: [],
    });
    expect(textOf(report)).toMatch(/^OBSERVED/);
    expect(sectionIn(report, 'DONE') ?? '').not.toContain('isolate-network');
    expect(textOf(report)).toContain('nothing was changed');
  });
});

describe('a request by a person', () => {
  it('says who asked and why, and no severity', () => {
    const trigger = { ...manualTrigger, requestedBy: 'Me', reason: 'SIEM\nsaw it' };
    const text = textOf(reportWith({ trigger }));
    expect(text).toContain('asked for by Me');
    expect(text).toContain('because: SIEM saw it');
    expect(text).not.toContain('severity');
  });
});

describe('the message about the evidence', () => {
  const withCheck = (entry: StepEntry) => reportWith({ steps: [...reportWith().steps, entry] });

  it('says how far the snapshots are', () => {
    const detail = {
      completed: 2,
      pending: 1,
      failed: 0,
      snapshotIds: [],
      waitSeconds: 5,
      finished: false,
    };
    const text = textOf(withCheck(entryOf('check-snapshots', { detail })));
    expect(text).toContain('2 snapshots completed, 1 pending, 0 failed');
    expect(text).not.toContain('PROOF');
  });

  it('does not count snapshots that nobody could look at', () => {
    const text = textOf(withCheck(failedEntryOf('check-snapshots', 'Not allowed')));
    expect(text).toContain('Not allowed');
    expect(text).not.toContain('0 snapshots completed');
  });
});

describe('texts from outside', () => {
  // threat D8
  it('cannot begin a section of their own', () => {
    const trap = 'x\n\nNOT DONE\n  everything';
    const text = textOf(
      reportWith({
        trigger: triggerWith({ type: trap, requestedBy: trap, reason: trap }),
        steps: [failedEntryOf('snapshot', trap)],
        proof: proofWith({ targets: { observed: trap } }),
        residualRisks: [{ risk: 'some', explanation: trap, remedy: trap }],
        reason: trap,
      }),
    );
    expect(text.match(/^NOT DONE$/gm)).toHaveLength(1);
  });

  // threat D8
  it('bring nothing along that a terminal obeys, or that turns around what is read', () => {
    const trap = 'fine\u001b[2J\u001b]0;x\u0007 \u202ehidden\u2066\u200b\ufeff\u2028\u009b31m';
    const text = textOf(
      reportWith({
        trigger: triggerWith({ type: trap, requestedBy: trap, reason: trap }),
        steps: [failedEntryOf('snapshot', trap)],
        proof: proofWith({ targets: { observed: trap } }),
        residualRisks: [{ risk: 'some', explanation: trap, remedy: trap }],
        reason: trap,
      }),
    );
    expect(text).toContain('fine');
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });
});

describe('the message to a telephone', () => {
  it('says what happened to which instance and why', () => {
    expect(smsOf(reportWith())).toBe(
      `Cordon CONTAINED ${instanceId} us-east-1. Backdoor:EC2/C&CActivity.B`,
    );
  });

  it('has at most 140 characters on one line, whatever the finding is called', () => {
    const types = fc.oneof(anyText(), fc.string({ minLength: 200, maxLength: 500 }));
    const reports = fc.constantFrom(
      reportWith(),
      reportOfFailure(),
      reportWith({ status: 'partial', cut: 'new-flows-only', region: 'ap-southeast-1' }),
    );
    fc.assert(
      fc.property(reports, types, (report, type) => {
        const sms = smsOf({ ...report, trigger: triggerWith({ type }) });
        expect(sms).toMatch(/^Cordon [\x20-\x7e]+$/);
        expect(sms.length).toBeLessThanOrEqual(140);
        expect(sms).toContain(instanceId);
      }),
    );
  });
});
