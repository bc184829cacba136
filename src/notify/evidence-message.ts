import { cordonCommand } from '../case/cordon-command.ts';
import { oneLine } from '../case/one-line.ts';
import type { RecordMark } from '../case/record-mark.ts';
import { beginningOf } from '../case/report-size.ts';
import type { Message } from './message.ts';
import { attributesOf } from './message-attributes.ts';
import { markLines } from './record-lines.ts';
import { maximumSubjectLength } from './subject.ts';

/** How one kind of evidence ended, with the words for it. */
export interface EndedCollector {
  readonly collector: string;
  readonly what: string;
  readonly outcome: 'done' | 'already' | 'not-applicable' | 'failed';
  readonly sentence: string;
}

/** What people are told when the evidence of a case is collected. */
export interface EvidenceNews {
  readonly caseId: string;
  readonly instanceId: string;
  readonly accountId: string;
  readonly region: string;
  readonly ended: readonly EndedCollector[];
  /** How far the record of the case was. */
  readonly record?: RecordMark;
  /** What was cut once memory was saved, and what could not be. */
  readonly afterMemory?: readonly string[];
  readonly manifest:
    | { readonly key: string; readonly signed: boolean }
    | { readonly trouble: string };
}

/** The longest sentence of one kind, in characters. */
const shownCharacters = 500;

const marks: Readonly<Record<EndedCollector['outcome'], string>> = {
  done: 'kept',
  already: 'kept before',
  'not-applicable': 'none',
  failed: 'MISSING',
};

const lineOf = ({ what, outcome, sentence }: EndedCollector): string =>
  `${marks[outcome]}: ${what}: ${beginningOf(oneLine(sentence), shownCharacters)}`;

const headlineOf = (ended: readonly EndedCollector[]): string => {
  const failed = ended.filter(({ outcome }) => outcome === 'failed').length;
  const has = ended.filter(({ outcome }) => outcome === 'done' || outcome === 'already').length;
  return failed === 0
    ? `EVIDENCE, ${has} KINDS KEPT`
    : `EVIDENCE, ${failed} OF ${has + failed} KINDS MISSING`;
};

const manifestLine = ({ manifest }: EvidenceNews): string => {
  if ('trouble' in manifest) return `No manifest could be made: ${oneLine(manifest.trouble)}`;
  return `manifest: ${manifest.key}${manifest.signed ? '' : ' (NOT signed: the stack has no key)'}`;
};

const textOf = (news: EvidenceNews): string => {
  const { caseId, instanceId, accountId, region, ended } = news;
  const missing = ended.some(({ outcome }) => outcome === 'failed');
  return [
    `${headlineOf(ended)}: ${instanceId}`,
    missing
      ? 'Take what is missing by hand while the instance runs; do not stop or reboot it: memory is lost.'
      : 'Nothing to do now. Do not stop or reboot the instance: memory is lost.',
    `account ${accountId}, ${region}, case ${oneLine(caseId)}`,
    '',
    ...ended.map(lineOf),
    ...(news.afterMemory ?? []).map((line) => beginningOf(oneLine(line), shownCharacters)),
    '',
    `Look at it: ${cordonCommand('evidence', { instanceId: caseId, region })}`,
    manifestLine(news),
    ...markLines(news),
    '',
    `${headlineOf(ended)}: ${instanceId}`,
  ].join('\n');
};

/** What people and programs are told when the evidence of a case is collected, or is not. */
export const evidenceMessage = (news: EvidenceNews): Message => {
  const { caseId, instanceId, accountId, region, ended, manifest } = news;
  const headline = headlineOf(ended);
  const text = textOf(news);
  const json = JSON.stringify({
    status: 'evidence',
    ...{ caseId, instanceId, accountId, region, manifest },
    collected: ended.map((one) => ({
      ...one,
      sentence: beginningOf(oneLine(one.sentence), shownCharacters),
    })),
  });
  return {
    Subject: `[Cordon] ${headline}: ${instanceId}`.slice(0, maximumSubjectLength),
    MessageStructure: 'json',
    MessageAttributes: attributesOf({
      status: 'evidence',
      account: accountId,
      region,
      instance: instanceId,
    }),
    Message: JSON.stringify({
      default: text,
      email: text,
      sms: `Cordon ${headline} ${instanceId} ${region}.`.slice(0, 140),
      sqs: json,
      lambda: json,
      http: json,
      https: json,
    }),
  };
};
