import type { Instance } from '../before.ts';
import { profileNameOf, revocationPolicy, revocationPolicyName } from '../revocation.ts';
import type { ResidualRisk } from '../risk.ts';

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
          remedy: `After memory was saved: aws ec2 modify-instance-metadata-options --region ${instance.region} --instance-id ${instance.id} --http-endpoint disabled`,
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
          remedy: `aws iam put-role-policy --role-name "$(aws iam get-instance-profile --instance-profile-name ${profileNameOf(instance.instanceProfileArn)} --query 'InstanceProfile.Roles[0].RoleName' --output text)" --policy-name ${revocationPolicyName(instance.id)} --policy-document '${revocationPolicy(instance)}'`,
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
          remedy: `aws ec2 modify-instance-metadata-options --region ${instance.region} --instance-id ${instance.id} --instance-metadata-tags disabled`,
        },
      ]
    : [];

/** The risks that no change of security groups takes away. */
export const standingRisks = (instance: Instance): readonly ResidualRisk[] => [
  ...roleCredentials(instance),
  ...readableTrail(instance),
  ...(instance.state === 'stopped' ? [] : [stateless]),
  ...unfiltered(instance),
];
