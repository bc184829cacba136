import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import type { StepEntry } from '../../src/case/step.ts';
import { smsOf } from '../../src/notify/sms.ts';
import { textOf } from '../../src/notify/text.ts';
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

  // fault S4
  it('says in three lines what stands, what to do now, and where', () => {
    const [stands = '', now = '', where = ''] = textOf(report).split('\n');
    expect(stands).toMatch(
      new RegExp(`^ISOLATED, 1 CONTROL OPEN ${instanceId} in 1.9 s: .*snapshots`),
    );
    expect(now).toContain('Do not stop or reboot it: its memory would be lost.');
    expect(where).toContain(`account 123456789012, us-east-1, case ${caseId}`);
  });

  // fault C11
  it('says beside the seconds that they are those of the API, not of the data plane', () => {
    expect(textOf(report)).toMatch(/Isolated by what EC2 shows; .*"as quickly as possible"/);
  });

  // fault S4
  it('ends with the verdict', () => {
    expect(textOf(report).split('\n').at(-1)).toBe(`ISOLATED, 1 CONTROL OPEN ${instanceId}`);
  });

  // fault S4
  it('names the instance as people know it, in quotation marks', () => {
    const name = 'web-7\nRELEASED: all is well';
    expect(textOf(reportWith({ name })).split('\n')[2]).toContain(
      '"web-7 RELEASED: all is well", account',
    );
  });

  // fault S4
  it('is short enough to be read at night', () => {
    const risk = { risk: 'resolver-dns', explanation: 'DNS gets out.', remedy: 'Block it.' };
    const text = textOf(reportWith({ residualRisks: Array.from({ length: 5 }, () => risk) }));
    expect(text.split('\n').length).toBeLessThanOrEqual(40);
  });

  it('says what was seen, by whom, where and how fast', () => {
    const happened = sectionIn(report, 'WHAT HAPPENED');
    expect(happened).toContain('"Backdoor:EC2/C&CActivity.B" (guardduty, severity 8)');
    expect(happened).toContain('Isolated at 03:00:01Z, 62 s after the finding was last seen');
  });

  it('says what was done and what was not, in words', () => {
    expect(sectionIn(report, 'DONE')).toContain('network interfaces isolated');
    expect(sectionIn(report, 'DONE')).not.toContain('snapshot');
    expect(sectionIn(report, 'NOT DONE')).toContain('snapshot: Not allowed: ec2:CreateSnapshots.');
  });

  it('says what holds and what does not', () => {
    const proof = sectionIn(report, 'PROOF');
    expect(proof).toContain('9 of 10 required controls hold');
    expect(proof).toContain('DOES NOT HOLD: snapshots: 1 volumes: no snapshot');
    const unknown = reportWith({ proof: proofWith({ targets: { holds: 'unknown' } }) });
    expect(sectionIn(unknown, 'PROOF')).toContain('UNKNOWN: targets');
  });

  it('says what remains and what to do about it', () => {
    expect(sectionIn(report, 'WHAT REMAINS')).toMatch(
      /resolver-dns: DNS gets out\.\s+do: Block it\./,
    );
  });

  // fault S4
  it('names the release, and does not show the commands of the undo', () => {
    const text = textOf(report);
    expect(text).toContain(`cordon release ${caseId} --region us-east-1`);
    expect(text).not.toContain('aws ec2 first');
  });

  it('says where to look', () => {
    expect(sectionIn(report, 'MORE')).toContain(`instanceId=${instanceId}`);
    expect(sectionIn(reportWith({ region: 'cn-north-1' }), 'MORE')).toContain('amazonaws.cn');
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
  const isolate = 'aws ec2 modify-network-interface-attribute --groups sg-1';
  const failure = reportOfFailure({ isolate, undo: 'aws ec2 undo' });

  // fault S2
  it('gives the commands that isolate, then the check, then the stop in the order AWS accepts', () => {
    const text = textOf(failure);
    const [stands = '', now = ''] = text.split('\n');
    expect(stands).toContain(`NOT CONTAINED ${instanceId}: ACT NOW`);
    expect(stands).toContain('eni-0a1b2c3d4e5f60718 is not in its isolation group');
    expect(now).toContain('Paste the commands below');
    const order = [
      isolate,
      `cordon verify ${instanceId}`,
      '--no-disable-api-stop',
      'stop-instances',
    ];
    const places = order.map((one) => text.indexOf(one));
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(places).not.toContain(-1);
    expect(smsOf(failure)).toContain('ACT NOW');
  });

  // fault S2
  it('never shows what would open it', () => {
    expect(textOf(failure)).not.toContain('aws ec2 undo');
    expect(textOf(failure)).not.toContain('--json');
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

  it('lists each change with what is and what would be, on one line, whoever wrote it', () => {
    const calls = [
      {
        call: 'autoscaling:DetachInstances',
        resource: 'web',
        before: 'InService\nDo now: nothing',
        after: 'detached',
        permission: 'untested',
      },
    ];
    const text = textOf(
      reportWith({
        status: 'planned',
        cut: 'none',
        steps: [entryOf('detach-auto-scaling', { outcome: 'planned', detail: { calls } })],
        proof: [],
      }),
    );
    expect(text).toContain(
      'untested: autoscaling:DetachInstances web: InService Do now: nothing → detached',
    );
  });
});

describe('a request by a person', () => {
  it('says who asked and why, and no severity', () => {
    const trigger = { ...manualTrigger, requestedBy: 'Me', reason: 'SIEM\nsaw it' };
    const text = textOf(reportWith({ trigger }));
    expect(text).toContain('Asked for by "Me"');
    expect(text).toContain('Because: "SIEM saw it"');
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

it('names what several compromised instances share, as a claim on one line', () => {
  const trigger = triggerWith({ commonCause: 'AUTOSCALING_AUTO_SCALING_GROUP web\nRELEASED' });
  const line = textOf(reportWith({ trigger }))
    .split('\n')
    .find((one) => one.includes('Shared with other compromised instances'));
  expect(line?.trim()).toBe(
    'Shared with other compromised instances: "AUTOSCALING_AUTO_SCALING_GROUP web RELEASED"',
  );
});
