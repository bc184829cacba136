import { cordonCommand } from '../case/cordon-command.ts';
import { oneLine } from '../case/one-line.ts';
import { quoted } from '../case/quoted.ts';
import type { InstanceTriage } from '../triage-instance.ts';
import { forensicPathLine } from './forensic-path-line.ts';

const words = (text: string | null, otherwise: string): string =>
  text === null ? otherwise : quoted(text, 120);

const list = (items: readonly string[], otherwise: string): string =>
  items.length === 0 ? otherwise : items.map((one) => oneLine(one)).join(', ');

const waysOut = ({ waysOut: ways }: InstanceTriage): readonly string[] => {
  if (ways === null) return ['Ways out: the route tables could not be read'];
  if (ways.length === 0) return ['Ways out: none beyond its VPC'];
  return [
    'Ways out:',
    ...ways.map(({ interfaceId, destination, target }) =>
      oneLine(`  ${interfaceId} to ${destination} by ${target}`),
    ),
  ];
};

const changes = ({ changes: planned }: InstanceTriage): readonly string[] =>
  planned.length === 0
    ? ['Containing it would change nothing that could be foreseen.']
    : [
        'Containing it would change:',
        ...planned.map(({ call, resource, before, after, permission }) =>
          oneLine(`  ${permission}: ${call} ${resource}: ${before} → ${after}`),
        ),
      ];

/** `arn:…:targetgroup/web/0123 i-…:80` as people say it. */
const balancer = (resource: string): string =>
  resource.replace(/^arn:\S*:targetgroup\/([^/\s]+)\/\S+/, 'target group $1 for');

/** What a person reads before deciding; first and last line say what is advised. */
export const triageTextOf = (triage: InstanceTriage): string => {
  const { instanceId, region, isolation, isolated } = triage;
  const more = isolation.profile === 'full' ? [] : ['--isolation', isolation.profile];
  const verdict = isolated
    ? `ISOLATED already: ${instanceId}`
    : `RECOMMENDED for ${instanceId}: ${isolation.profile}`;
  return [
    verdict,
    isolation.reason,
    `Contain: ${cordonCommand('contain', { instanceId, region }, ...more)}`,
    '',
    `Name: ${words(triage.name, 'none')}   Owner: ${words(triage.owner, 'no tag says so')}`,
    `Account ${triage.accountId}, ${oneLine(region)}, ${triage.vpcId ?? 'no VPC'}, ${triage.state}, launched ${triage.launchedAt ?? 'unknown'}`,
    `Auto Scaling group: ${words(triage.autoScalingGroup, 'none')}`,
    `Load balancers: ${list(triage.loadBalancers.map(balancer), 'none')}`,
    `Public addresses: ${list(triage.publicAddresses, 'none')}`,
    ...(triage.shared === null ? [] : [`Others depend on it: ${oneLine(triage.shared)}`]),
    ...waysOut(triage),
    ...(triage.forensicPath === undefined ? [] : [forensicPathLine(triage.forensicPath)]),
    '',
    ...changes(triage),
    '',
    verdict,
  ].join('\n');
};
