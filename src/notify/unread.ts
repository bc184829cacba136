import type { Trigger } from '../case/case.ts';
import { command } from '../case/command.ts';
import { quoted } from '../case/quoted.ts';
import type { Message } from './message.ts';
import { attributesOf } from './message-attributes.ts';
import { maximumSubjectLength } from './subject.ts';

/** A finding about an instance that Cordon could not make out. */
export interface UnreadFinding {
  readonly trigger: Trigger;
  /** What is missing, for a sentence: `it names no resource`. */
  readonly why: string;
  /** Ids of instances and volumes that the event mentions anywhere. */
  readonly clues: readonly string[];
  readonly accountId: string;
  readonly region: string;
}

/** One sentence: which finding, and what of it could not be read. */
export const unreadSentence = ({ trigger, why }: Pick<UnreadFinding, 'trigger' | 'why'>): string =>
  `${quoted(trigger.type, 120)} is about an EC2 instance, but ${why}.`;

const looks = ({ clues, region }: UnreadFinding): string[] =>
  clues.map((id) =>
    id.startsWith('vol-')
      ? command([
          ...['aws', 'ec2', 'describe-volumes', '--region', region, '--volume-ids', id],
          ...['--query', 'Volumes[].Attachments[].InstanceId'],
        ])
      : command(['cordon', 'verify', id, '--region', region]),
  );

const verdict = 'NOT CONTAINED, INSTANCE UNKNOWN';

const textOf = (finding: UnreadFinding): string => {
  const { trigger, clues, accountId, region } = finding;
  const severity = trigger.severity === null ? 'unknown' : String(trigger.severity);
  return [
    `${verdict}: nothing was done.`,
    unreadSentence(finding),
    `account ${accountId}, ${region}, severity ${severity}, last seen ${trigger.at}, finding ${quoted(trigger.id, 80)}`,
    '',
    ...(clues.length === 0
      ? ['It mentions no instance and no volume: look it up in GuardDuty by its id.']
      : [
          'It mentions these, one of which may be the host:',
          ...looks(finding).map((one) => `  ${one}`),
        ]),
    'When you know which it is: cordon contain <instance id>',
    'The event waits in the dead-letter queue.',
    '',
    verdict,
  ].join('\n');
};

/** What people are told of a severe finding whose instance could not be read. */
export const unreadMessage = (finding: UnreadFinding): Message => {
  const { trigger, clues, accountId, region } = finding;
  const status = 'rejected';
  const reason = unreadSentence(finding);
  const json = JSON.stringify({ status, reason, trigger, clues, accountId, region });
  const type = trigger.type.replace(/[^\x20-\x7e]+/g, ' ');
  const text = textOf(finding);
  return {
    Subject: `[Cordon] ${verdict}: ${type}`.slice(0, maximumSubjectLength).trimEnd(),
    MessageStructure: 'json',
    MessageAttributes: attributesOf({
      status,
      severity: trigger.severity,
      account: accountId,
      region,
    }),
    Message: JSON.stringify({
      default: text,
      email: text,
      sms: `Cordon ${verdict} ${region}. ${type}`.slice(0, 140).trimEnd(),
      sqs: json,
      lambda: json,
      http: json,
      https: json,
    }),
  };
};
