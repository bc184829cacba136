import { command } from '../case/command.ts';
import { quoted } from '../case/quoted.ts';
import type { Stop } from '../case/stop-switch.ts';
import { minuteOf } from '../case/stop-switch.ts';
import type { Message } from './message.ts';
import { attributesOf } from './message-attributes.ts';

/** What is told of the switch: that it was thrown, that it stands still, that it was ended. */
export type StopNews =
  | { readonly kind: 'stopped' | 'still-stopped'; readonly stop: Stop }
  | { readonly kind: 'started'; readonly who: string; readonly reason: string };

/** The stack whose switch it is. */
export interface Switched {
  readonly stackName: string;
  readonly region: string;
}

const subjects = {
  stopped: 'STOPPED: nothing is contained automatically',
  'still-stopped': 'STILL STOPPED: nothing is contained automatically',
  started: 'STARTED: findings are contained automatically again, as Mode says',
} as const;

const whatStands = (news: StopNews, { stackName, region }: Switched): readonly string[] => {
  if (news.kind === 'started') {
    return [
      `${subjects.started}.`,
      'Findings that came meanwhile were told, and are not contained for that: look through them.',
    ];
  }
  const start = command(['cordon', 'start', '--stack', stackName, '--region', region]);
  return [
    `${subjects[news.kind]} until ${minuteOf(news.stop.until)}.`,
    `Findings meanwhile are told, and their instances stay OPEN: contain them by hand. Start again: ${start}`,
  ];
};

const words = (news: StopNews) => (news.kind === 'started' ? news : news.stop);

const reportOf = (news: StopNews, { stackName, region }: Switched): string => {
  const { who, reason } = words(news);
  return JSON.stringify({
    status: news.kind,
    stack: stackName,
    region,
    ...(news.kind === 'started' ? {} : { until: news.stop.until.toISOString() }),
    requestedBy: quoted(who),
    reason: quoted(reason),
  });
};

/** What people and programs are told of the switch that stops everything automatic. */
export const stopMessage = (news: StopNews, place: Switched): Message => {
  const { who, reason } = words(news);
  const text = [
    ...whatStands(news, place),
    `Stack ${place.stackName}, Region ${place.region}.`,
    '',
    `by: ${quoted(who)} (as the command says; CloudTrail has the caller of PutParameter or DeleteParameter)`,
    `why: ${quoted(reason)}`,
    ...(news.kind === 'started'
      ? []
      : [
          'The watch tells of contained instances that are opened again, and closes only what is left in transition.',
        ]),
    '',
    `${subjects[news.kind]}.`,
  ].join('\n');
  const json = reportOf(news, place);
  return {
    Subject: `[Cordon] ${subjects[news.kind]}`,
    MessageStructure: 'json',
    MessageAttributes: attributesOf({ status: news.kind, region: place.region }),
    Message: JSON.stringify({
      default: text,
      email: text,
      sms: `Cordon ${subjects[news.kind]} (${place.region}).`.slice(0, 140),
      sqs: json,
      lambda: json,
      http: json,
      https: json,
    }),
  };
};
