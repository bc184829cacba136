import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import { standingRisks } from '../../src/case/risks/standing.ts';
import { chatMessageOf } from '../../src/notify/chat.ts';
import { anyText } from '../case/any-text.ts';
import { accountId, instanceId, instanceWith } from '../case/sample-before.ts';
import {
  caseId,
  entryOf,
  failedEntryOf,
  proofWith,
  reportOfFailure,
  reportWith,
  triggerWith,
} from '../case/sample-report.ts';

interface ChatMessage {
  readonly version: string;
  readonly source: string;
  readonly content: {
    readonly textType: string;
    readonly title: string;
    readonly description: string;
    readonly nextSteps: readonly string[];
    readonly keywords: readonly string[];
  };
  readonly metadata: { readonly threadId: string };
}

const chatOf = (report: CaseReport): ChatMessage => JSON.parse(chatMessageOf(report));

const afterwards = (detail: object) =>
  reportWith({ steps: [...reportWith().steps, entryOf('check-snapshots', { detail })] });

describe('the message in the chat', () => {
  it('says what happened in the schema that Amazon Q Developer shows', () => {
    const { version, source, content } = chatOf(reportWith());
    expect([version, source, content.textType]).toEqual(['1.0', 'custom', 'client-markdown']);
    expect(content.title).toContain(`CONTAINED ${instanceId} in 1.9 s`);
    expect(content.description).toContain('"Backdoor:EC2/C&CActivity.B", severity 8');
    expect(content.keywords).toEqual(['Cordon', 'contained', instanceId]);
  });

  it('stands in one thread with the others of its case', () => {
    const reports = [reportWith({ status: 'running' }), reportWith(), afterwards({ failed: 0 })];
    for (const report of reports) expect(chatOf(report).metadata.threadId).toBe(caseId);
  });

  it('says what was not done and what does not hold', () => {
    const { description } = chatOf(
      reportWith({
        status: 'partial',
        steps: [failedEntryOf('snapshot', 'Not allowed')],
        proof: proofWith({ snapshots: { holds: false, observed: 'no snapshot' } }),
      }),
    ).content;
    expect(description).toContain('snapshot: Not allowed');
    expect(description).toContain('snapshots: no snapshot');
  });

  it('says to act now where nothing was isolated', () => {
    const { title, nextSteps } = chatOf(reportOfFailure()).content;
    expect(title).toMatch(/^🚨/u);
    expect(nextSteps[0]).toMatch(/^Act now/);
  });

  it('puts no tick on evidence that was lost, or that nobody could look at', () => {
    const lost = afterwards({ completed: 1, pending: 0, failed: 1, snapshotIds: [] });
    const unseen = reportWith({
      steps: [...reportWith().steps, failedEntryOf('check-snapshots', 'Not allowed')],
    });
    for (const report of [lost, unseen]) expect(chatOf(report).content.title).not.toMatch(/^✅/u);
    const whole = afterwards({ completed: 2, pending: 0, failed: 0, snapshotIds: [] });
    expect(chatOf(whole).content.title).toMatch(/^✅/u);
  });

  it('gives a command whole, to be copied, or not at all', () => {
    const instanceProfileArn = `arn:aws:iam::${accountId}:instance-profile/web-server`;
    const residualRisks = standingRisks(instanceWith({ instanceProfileArn }));
    const commands = chatOf(reportWith({ residualRisks })).content.nextSteps.filter((step) =>
      step.includes('aws '),
    );
    const remedies = residualRisks.map(({ remedy }) => remedy);
    for (const command of commands) expect(remedies).toContain(command);
  });

  // threat D8
  // fault A5
  it('wakes no channel and makes no link, whatever a finding is called', () => {
    const trap =
      '<b>@channel</b> <!channel> @here [click](http://198.51.100.77) <@U123> evil.example';
    const { title, description } = chatOf(
      reportWith({ reason: trap, trigger: triggerWith({ type: trap }) }),
    ).content;
    for (const text of [title, description.replace(/\nhttps:\S+$/, '')]) {
      expect(text).not.toMatch(/[<>@]|\]\(|:\/\/|evil\.example/);
    }
  });

  it('keeps to the limits beyond which it would be dropped without a word', () => {
    const huge = anyText({ minLength: 0, maxLength: 600 });
    fc.assert(
      fc.property(huge, fc.integer({ min: 1, max: 40 }), (text, times) => {
        const long = text.repeat(times);
        const { content } = chatOf(
          reportWith({
            reason: long,
            trigger: triggerWith({ type: long }),
            steps: [failedEntryOf('snapshot', long)],
            proof: proofWith({ targets: { holds: false, observed: long } }),
            residualRisks: Array.from({ length: times }, (_, at) => ({
              risk: `risk-${at}`,
              explanation: long,
              remedy: long,
            })),
          }),
        );
        expect(content.title.length).toBeLessThanOrEqual(250);
        expect(content.description.length).toBeLessThanOrEqual(8_000);
        for (const step of content.nextSteps) expect(step.length).toBeLessThanOrEqual(350);
        for (const keyword of content.keywords) expect(keyword.length).toBeLessThanOrEqual(75);
      }),
    );
  });
});
