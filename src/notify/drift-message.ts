import { controlOf } from '../case/control.ts';
import { cordonCommand } from '../case/cordon-command.ts';
import type { DriftNews } from '../case/drift-news.ts';
import { oneLine } from '../case/one-line.ts';
import { beginningOf } from '../case/report-size.ts';
import { instanceLink } from './console-links.ts';
import type { Message } from './message.ts';
import { attributesOf } from './message-attributes.ts';
import { proofLines } from './proof-lines.ts';
import { markLines } from './record-lines.ts';
import { maximumSubjectLength } from './subject.ts';

const headlines: Readonly<Record<DriftNews['kind'], string>> = {
  'open-again': 'OPEN AGAIN',
  'isolated-again': 'ISOLATED AGAIN',
  touched: 'TOUCHED',
  state: 'STATE CHANGED',
  'left-open': 'LEFT OPEN',
};

/** The most of a text that a message shows, in characters: SNS carries it several times. */
const shownCharacters = 2_000;

/** Only what was read and holds may be said to hold. */
const holds = (proof: DriftNews['proof']): boolean =>
  (['eni-groups', 'group-rules'] as const).every((name) => controlOf(proof, name)?.holds === true);

const nextStep = (news: DriftNews): string => {
  switch (news.kind) {
    case 'open-again':
    case 'left-open':
      return news.doubt === undefined
        ? `ACT NOW: the instance is not known to be isolated. Contain it again: ${cordonCommand('contain', news)}`
        : `ACT NOW: find out who did this. If the instance is compromised, contain it: ${cordonCommand('contain', news)}`;
    case 'isolated-again':
      return 'It is isolated again. Find out who opened it, and what went through meanwhile.';
    case 'touched':
      return holds(news.proof)
        ? 'Isolation holds. Find out whether this was meant.'
        : 'It is not known whether isolation holds: see below. Find out whether this was meant.';
    case 'state':
      return 'If nobody meant this, the evidence may be at risk: look at the instance and its snapshots.';
  }
};

/** News as they are shown: every text of a length that a message has room for. */
const shortened = (news: DriftNews): DriftNews => ({
  ...news,
  what: beginningOf(news.what, shownCharacters),
  ...(news.who === undefined ? {} : { who: beginningOf(news.who, shownCharacters) }),
  proof: news.proof.map((one) => ({
    ...one,
    observed: beginningOf(one.observed, shownCharacters),
  })),
});

/** The first three lines say what stands, what to do now, and where; the last is the verdict again. */
const textOf = (news: DriftNews): string =>
  [
    `${headlines[news.kind]}: ${news.instanceId}`,
    nextStep(news),
    `account ${news.accountId ?? 'unknown'}, ${news.region}, case ${oneLine(news.caseId ?? 'unknown')}`,
    '',
    `what: ${oneLine(news.what)}`,
    ...(news.doubt === undefined ? [] : [`Nothing was isolated: ${oneLine(news.doubt)}.`]),
    // CloudTrail repeats what the caller chose: names of sessions, for one.
    ...(news.who === undefined ? [] : [`who: ${oneLine(news.who)}`]),
    `when: ${news.at}`,
    ...(news.proof.length === 0
      ? []
      : ['', 'READ BACK FROM AWS', ...proofLines(news.proof).map((line) => `  ${line}`)]),
    '',
    `read everything back: ${cordonCommand('verify', news)}`,
    instanceLink(news.region, news.instanceId),
    ...markLines(news),
    '',
    `${headlines[news.kind]}: ${news.instanceId}`,
  ].join('\n');

/** What people and programs are told of a contained instance that somebody or something changed. */
export const driftMessage = (news: DriftNews): Message => {
  const headline = headlines[news.kind];
  const short = shortened(news);
  const text = textOf(short);
  const json = JSON.stringify({ status: 'drift', ...short });
  const act = news.kind === 'open-again' || news.kind === 'left-open' ? ' ACT NOW.' : '';
  return {
    Subject: `[Cordon] ${headline} ${news.instanceId}`.slice(0, maximumSubjectLength),
    MessageStructure: 'json',
    MessageAttributes: attributesOf({
      status: 'drift',
      account: news.accountId ?? '',
      region: news.region,
      instance: news.instanceId,
    }),
    Message: JSON.stringify({
      default: text,
      email: text,
      sms: `Cordon ${headline} ${news.instanceId} ${news.region}.${act}`.slice(0, 140),
      sqs: json,
      lambda: json,
      http: json,
      https: json,
    }),
  };
};
