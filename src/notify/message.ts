import type { CaseReport } from '../case/report.ts';
import { beginningOf, fitReport, maximumReportBytes } from '../case/report-size.ts';
import type { MessageAttributes } from './message-attributes.ts';
import { attributesOf } from './message-attributes.ts';
import { smsOf } from './sms.ts';
import { subjectOf } from './subject.ts';
import { textOf } from './text.ts';

/** SNS takes 262,144 bytes, all protocols and the attributes together. */
export const maximumMessageBytes = 261_000;

export interface Message {
  readonly Subject: string;
  readonly Message: string;
  readonly MessageStructure: 'json';
  readonly MessageAttributes: MessageAttributes;
}

/** How long text and report may be, tried in turn until all protocols together fit. */
const sizes = [
  { characters: 24_000, bytes: maximumReportBytes },
  { characters: 12_000, bytes: 30_000 },
  { characters: 6_000, bytes: 20_000 },
  { characters: 3_000, bytes: 12_000 },
] as const;

const shorten = (text: string, characters: number): string =>
  text.length > characters
    ? `${beginningOf(text, characters)}\nthe rest is in the log.`
    : text.toWellFormed();

const bodyOf = (report: CaseReport, { characters, bytes }: (typeof sizes)[number]): string => {
  const text = shorten(textOf(report), characters);
  const json = JSON.stringify(fitReport(report, bytes));
  return JSON.stringify({
    default: text,
    email: text,
    sms: smsOf(report),
    sqs: json,
    lambda: json,
    http: json,
    https: json,
  });
};

const factsOf = ({ status, trigger, accountId, region, instanceId }: CaseReport) =>
  attributesOf({
    status,
    severity: trigger.severity,
    account: accountId,
    region,
    instance: instanceId,
  });

/** One message for all: text for people, the case report for programs. */
export const messageOf = (report: CaseReport): Message => {
  let body = '';
  for (const size of sizes) {
    body = bodyOf(report, size);
    if (Buffer.byteLength(body, 'utf8') <= maximumMessageBytes) break;
  }
  return {
    Subject: subjectOf(report),
    MessageStructure: 'json',
    Message: body,
    MessageAttributes: factsOf(report),
  };
};
