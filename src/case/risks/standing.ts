import type { Instance } from '../before.ts';
import { command, option } from '../command.ts';
import { profileNameOf, revocationPolicy, revocationPolicyName } from '../revocation.ts';
import type { ResidualRisk } from '../risk.ts';
import { evidenceRisks } from './evidence.ts';

const metadataOptions = ({ id, region }: Instance, name: string, value: string): string =>
  command([
    ...['aws', 'ec2', 'modify-instance-metadata-options', '--region', region],
    ...['--instance-id', id, name, value],
  ]);

/** Denies the sessions of the instance; the role's name is asked of the profile. */
const denySessions = (instance: Instance, profileName: string): string => {
  const roleName = command([
    ...['aws', 'iam', 'get-instance-profile', ...option('--instance-profile-name', profileName)],
    ...['--query', 'InstanceProfile.Roles[0].RoleName', '--output', 'text'],
  ]);
  return command([
    ...['aws', 'iam', 'put-role-policy', '--role-name', { outputOf: roleName }],
    ...['--policy-name', revocationPolicyName(instance.id)],
    ...['--policy-document', revocationPolicy(instance)],
  ]);
};

/** Resolver and metadata service are reached past every security group and network ACL. */
const unfiltered = (instance: Instance): readonly ResidualRisk[] => [
  {
    risk: 'resolver-dns',
    explanation:
      'Security groups do not filter DNS queries to the VPC resolver: data can still leave the host as DNS names.',
    remedy: 'Block the domains, or all of them for this VPC, with Route 53 Resolver DNS Firewall.',
  },
  ...(instance.metadataService === 'enabled'
    ? [
        {
          risk: 'instance-metadata',
          explanation:
            'The instance metadata service still answers on the host, and hands out fresh role credentials.',
          remedy: `After memory was saved: ${metadataOptions(instance, '--http-endpoint', 'disabled')}`,
        },
      ]
    : []),
];

const roleCredentials = (instance: Instance): readonly ResidualRisk[] =>
  instance.instanceProfileArn === undefined
    ? []
    : [
        {
          risk: 'role-credentials-valid',
          explanation: `Credentials of the instance profile ${profileNameOf(instance.instanceProfileArn)} that were taken from the host work from anywhere until they expire.`,
          remedy: denySessions(instance, profileNameOf(instance.instanceProfileArn)),
        },
      ];

/** ICMP is tracked whatever the rules, and other protocols by address and number. */
const stateless: ResidualRisk = {
  risk: 'icmp-tracked',
  explanation:
    'AWS tracks ICMP whatever the rules, and other protocols for 600 seconds: an exchange that was open, such as a tunnel in pings, may go on.',
  remedy: 'Deny the remote address in the network ACL of the subnet, both directions.',
};

const readableTrail = (instance: Instance): readonly ResidualRisk[] =>
  instance.metadataTags
    ? [
        {
          risk: 'trail-readable-from-host',
          explanation:
            'Instance tags are in the instance metadata: who is on the host can read the trail of this case.',
          remedy: metadataOptions(instance, '--instance-metadata-tags', 'disabled'),
        },
      ]
    : [];

/** The risks that no change of security groups takes away. */
export const standingRisks = (instance: Instance): readonly ResidualRisk[] => [
  ...roleCredentials(instance),
  ...readableTrail(instance),
  ...(instance.state === 'stopped' ? [] : [stateless]),
  ...unfiltered(instance),
  ...evidenceRisks(instance),
];
