import { command } from '../case/command.ts';
import { cordonCommand } from '../case/cordon-command.ts';
import type { Stoppable } from '../case/last-resort.ts';
import { lastResort } from '../case/last-resort.ts';
import type { AclEntry } from '../case/network-acl.ts';
import { oneLine } from '../case/one-line.ts';
import type { RecordMark } from '../case/record-mark.ts';
import type { Message } from './message.ts';
import { attributesOf } from './message-attributes.ts';
import { markLines } from './record-lines.ts';
import { maximumSubjectLength } from './subject.ts';

/** What people are told when traffic is seen that the cut should have ended. */
export interface LivingNews {
  readonly caseId: string;
  readonly accountId: string;
  readonly region: string;
  readonly instance: Stoppable;
  readonly interfaceId: string;
  readonly peer: string;
  /** Peer, protocol and ports, in words. */
  readonly connection: string;
  readonly bytes: number;
  /** ISO 8601 in UTC. */
  readonly from: string;
  readonly until: string;
  /** How far the record of the case was. */
  readonly record?: RecordMark;
  /** What would end it at once, in the network ACLs of its subnets; empty where none is known. */
  readonly denies: readonly { readonly aclId: string; readonly entry: AclEntry }[];
}

const denyCommand = (region: string, aclId: string, entry: AclEntry): string =>
  command([
    ...['aws', 'ec2', 'create-network-acl-entry', '--region', region],
    ...['--network-acl-id', aclId, '--rule-number', String(entry.number), '--protocol', '-1'],
    ...['--rule-action', 'deny', entry.egress ? '--egress' : '--ingress'],
    ...[entry.cidr.includes(':') ? '--ipv6-cidr-block' : '--cidr-block', entry.cidr],
  ]);

const indented = (commands: readonly string[]): string[] => commands.map((line) => `  ${line}`);

/** Only commands that close or look. */
const closingLines = ({ denies, region, instance, caseId }: LivingNews): string[] => [
  ...(denies.length === 0
    ? []
    : [
        'Close it, for every host of its subnets (a network ACL breaks tracked connections at once):',
        ...indented(denies.map(({ aclId, entry }) => denyCommand(region, aclId, entry))),
      ]),
  'Look at all of them:',
  ...indented([cordonCommand('verify', { instanceId: instance.id, region })]),
  ...indented([
    command(['cordon', 'evidence', 'flows', caseId, '--region', region, '--query', 'after-cut']),
  ]),
  `Last resort: ${lastResort(instance)}.`,
];

const textOf = (news: LivingNews): string => {
  const { accountId, region, instance, interfaceId, connection, bytes, from, until } = news;
  const verdict = `CONNECTION LIVES: ${instance.id}`;
  return [
    verdict,
    'ACT NOW: the instance is isolated, and traffic still goes through. End it with the commands below.',
    `account ${accountId}, ${region}, case ${oneLine(news.caseId)}`,
    '',
    `with: ${oneLine(connection)}`,
    `bytes: ${bytes}, from ${from} to ${until}, through ${interfaceId}`,
    'The case counts as partial until it ends.',
    'read from: VPC flow logs (accepted, begun after the cut, allowed by no rule of the isolation group)',
    '',
    ...closingLines(news),
    ...markLines(news),
    '',
    verdict,
  ].join('\n');
};

/** What people and programs are told of a connection that outlived the cut, once per peer. */
export const livingMessage = (news: LivingNews): Message => {
  const { accountId, region, instance, peer, denies: _denies, ...facts } = news;
  const text = textOf(news);
  const json = JSON.stringify({
    status: 'living',
    instanceId: instance.id,
    ...{ accountId, region, peer },
    ...facts,
  });
  return {
    Subject: `[Cordon] CONNECTION LIVES ${instance.id}: ${peer}`.slice(0, maximumSubjectLength),
    MessageStructure: 'json',
    MessageAttributes: attributesOf({
      status: 'living',
      account: accountId,
      region,
      instance: instance.id,
    }),
    Message: JSON.stringify({
      default: text,
      email: text,
      sms: `Cordon CONNECTION LIVES ${instance.id} ${region}: ${peer}. ACT NOW.`.slice(0, 140),
      sqs: json,
      lambda: json,
      http: json,
      https: json,
    }),
  };
};
