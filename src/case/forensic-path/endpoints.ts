import { contains } from '../address.ts';
import type { Allowed } from '../endpoint-policy.ts';
import { allowedBy } from '../endpoint-policy.ts';
import type { VpcEndpoint } from '../forensic-access.ts';
import type { ForensicFacts } from '../forensic-path.ts';
import type { Rule } from '../security-group.ts';
import type { Agent, Finding, Read } from './finding.ts';
import { example } from './finding.ts';

type Facts = ForensicFacts & {
  readonly networkInterface: NonNullable<ForensicFacts['networkInterface']>;
};

type Service = 'ssm' | 'ssmmessages' | 'ec2messages';

/** A call of the agent's own to each service, by which a policy is judged. */
const callsOf: Readonly<Record<Service, string>> = {
  ssm: 'ssm:UpdateInstanceInformation',
  ssmmessages: 'ssmmessages:OpenControlChannel',
  ec2messages: 'ec2messages:GetMessages',
};

/** From this version on the agent takes commands by ssmmessages. */
const withoutEc2Messages = [3, 3, 40, 0] as const;

/**
 * Whether the agent is so old that it takes its commands by ec2messages alone
 * (https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-setting-up-messageAPIs.html).
 */
const needsEc2Messages = (agent: Read<Agent | undefined>): boolean => {
  const version = agent.known ? agent.value?.version : undefined;
  if (version === undefined) return false;
  const parts = version.split('.').map(Number);
  const at = withoutEc2Messages.findIndex((part, index) => (parts[index] ?? 0) !== part);
  return at >= 0 && (parts[at] ?? 0) < (withoutEc2Messages[at] ?? 0);
};

const port = 443;

/** Whether a rule lets the isolated host in; what is in a prefix list was not read. */
const letsIn = ({ direction, protocol, fromPort, toPort, peer }: Rule, facts: Facts): Allowed => {
  if (direction !== 'ingress') return 'no';
  const isTcp = protocol === 'tcp' || protocol === '6';
  if (protocol !== '-1' && !(isTcp && (fromPort ?? 0) <= port && port <= (toPort ?? 65_535))) {
    return 'no';
  }
  const [address] = facts.networkInterface.privateAddresses;
  switch (peer.kind) {
    case 'ipv4':
      return address !== undefined && contains(peer.cidr, address) ? 'yes' : 'no';
    case 'ipv6':
      return 'no';
    case 'group':
      return facts.isolationGroupIds.includes(peer.id) ? 'yes' : 'no';
    case 'prefix-list':
      return 'unknown';
  }
};

const inbound = ({ id, groupIds }: VpcEndpoint, facts: Facts): readonly Finding[] => {
  const { endpointGroups: groups } = facts;
  if (!groups.known) return [{ words: `the groups of ${id} could not be read (${groups.why})` }];
  const found = groups.value.filter((group) => groupIds.includes(group.id));
  const answers = found.flatMap(({ rules }) => rules.map((rule) => letsIn(rule, facts)));
  if (answers.includes('yes')) return [];
  // In a VPC that is shared, groups of other accounts are not shown.
  const unseen = groupIds.filter((one) => !found.some((group) => group.id === one));
  if (unseen.length > 0) return [{ words: `what ${unseen.join(', ')} of ${id} lets in` }];
  return answers.includes('unknown')
    ? [{ words: `whether a prefix list of the group of ${id} has the host's address` }]
    : [
        {
          missing: 'endpoint-inbound',
          words: `no group of ${id} lets tcp 443 in from the isolated host: allow it from the range of the VPC`,
        },
      ];
};

const policy = ({ id, policy: text }: VpcEndpoint, service: Service, accountId: string) => {
  const action = callsOf[service];
  const covers = (resource: string): Allowed => (resource === '*' ? 'yes' : 'unknown');
  const allowed = allowedBy(text, { action, accountId, covers });
  const finding: Readonly<Record<Allowed, readonly Finding[]>> = {
    yes: [],
    no: [
      {
        missing: 'endpoint-policy',
        words: `the policy of ${id} does not allow ${action}: allow it to the own account`,
      },
    ],
    unknown: [{ words: `whether the policy of ${id} allows ${action}` }],
  };
  return finding[allowed];
};

const serviceFindings = (
  service: Service,
  endpoints: readonly VpcEndpoint[],
  facts: Facts,
): readonly Finding[] => {
  const { vpcId } = facts.networkInterface;
  const found = endpoints.filter(
    (one) =>
      one.vpcId === vpcId && one.type === 'interface' && one.serviceName.endsWith(`.${service}`),
  );
  // Of several only one can have the private DNS name.
  const endpoint = found.find(({ privateDns }) => privateDns === true) ?? found[0];
  if (endpoint === undefined) {
    return [
      {
        missing: `${service}-endpoint`,
        words: `no endpoint for ${service} in ${vpcId}: deploy ${example}`,
      },
    ];
  }
  return [
    ...(endpoint.privateDns === true
      ? []
      : [
          {
            missing: 'private-dns' as const,
            words: `private DNS of ${endpoint.id} is off, so the agent does not find it: switch it on`,
          },
        ]),
    ...inbound(endpoint, facts),
    ...policy(endpoint, service, facts.accountId),
  ];
};

/** What keeps the agent from Systems Manager, once the host is isolated. */
export const endpointFindings = (facts: Facts): readonly Finding[] => {
  const { endpoints } = facts;
  if (!endpoints.known) {
    return [{ words: `the VPC endpoints could not be read (${endpoints.why})` }];
  }
  const services: readonly Service[] = [
    'ssm',
    'ssmmessages',
    ...(needsEc2Messages(facts.agent) ? (['ec2messages'] as const) : []),
  ];
  return services.flatMap((service) => serviceFindings(service, endpoints.value, facts));
};
