import { command } from '../case/command.ts';
import { cordonCommand } from '../case/cordon-command.ts';
import { oneLine } from '../case/one-line.ts';
import { quoted } from '../case/quoted.ts';
import type { RecordMark } from '../case/record-mark.ts';
import type { Ownership } from '../case/review.ts';
import { instanceLink } from './console-links.ts';
import type { Message } from './message.ts';
import { attributesOf } from './message-attributes.ts';
import { markLines } from './record-lines.ts';
import { maximumSubjectLength } from './subject.ts';

/** An open case that nobody has looked at in time. */
export interface OverdueCase {
  readonly instanceId: string;
  readonly caseId: string;
  readonly region: string;
  /** How the case table has it. */
  readonly status: string;
  /** For how many seconds nobody has looked. */
  readonly unseenSeconds: number;
  /** Who took it, where anybody did. */
  readonly ownership?: Ownership;
  /** How far the record of the case was. */
  readonly record?: RecordMark;
}

/** Hours as a subject says them, whole; from two days on, days. */
const unseen = (seconds: number): string => {
  const hours = Math.floor(seconds / 3_600);
  if (hours >= 48) return `${Math.floor(hours / 24)} days`;
  return hours === 1 ? '1 hour' : `${hours} hours`;
};

const ownerLine = ({ ownership }: OverdueCase): string => {
  if (ownership === undefined) return 'Nobody has taken it.';
  const { owner, takenAt, reviewAt } = ownership;
  const review = reviewAt === undefined ? '' : `; its review was due ${oneLine(reviewAt)}`;
  return `${quoted(owner, 80)} took it ${oneLine(takenAt)}${review}.`;
};

const textOf = (overdue: OverdueCase): string => {
  const { instanceId, caseId, region, status, unseenSeconds } = overdue;
  const take = command(['cordon', 'take', caseId, '--region', region]);
  const close = cordonCommand('release', overdue, '--close', '--reason', 'why');
  return [
    `OPEN CASE ${instanceId}: nobody has looked for ${unseen(unseenSeconds)}. The case table has it as ${oneLine(status)}.`,
    `Take it, and look: ${take}`,
    `case ${oneLine(caseId)}, ${region}`,
    '',
    ownerLine(overdue),
    'Nothing ends by itself: the instance stays as it is until somebody ends the case.',
    '',
    `Read it back:      ${cordonCommand('verify', overdue)}`,
    `Give it back:      ${cordonCommand('release', overdue)}`,
    `End it as it is:   ${close}`,
    ...markLines(overdue),
    instanceLink(region, instanceId),
    '',
    `OPEN CASE ${instanceId}`,
  ].join('\n');
};

/** What people and programs are told of an open case that nobody has looked at in time. */
export const reviewMessage = (overdue: OverdueCase): Message => {
  const { instanceId, caseId, region, status, unseenSeconds, ownership } = overdue;
  const text = textOf(overdue);
  const json = JSON.stringify({
    status: 'review-overdue',
    instanceId,
    caseId,
    region,
    caseStatus: status,
    unseenSeconds: Math.floor(unseenSeconds),
    ...(ownership === undefined ? {} : { ownership }),
  });
  const word = `OPEN CASE ${instanceId}: nobody has looked for ${unseen(unseenSeconds)}`;
  return {
    Subject: `[Cordon] ${word}`.slice(0, maximumSubjectLength),
    MessageStructure: 'json',
    MessageAttributes: attributesOf({ status: 'review-overdue', region, instance: instanceId }),
    Message: JSON.stringify({
      default: text,
      email: text,
      sms: `Cordon ${word} (${region}).`.slice(0, 140),
      sqs: json,
      lambda: json,
      http: json,
      https: json,
    }),
  };
};
