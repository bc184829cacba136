import type { Instance } from './before.ts';

/** The name of the inline policy; one per instance, because the last write of a name wins. */
export const revocationPolicyName = (instanceId: string): string => `cordon-deny-${instanceId}`;

/**
 * Deny statements for the sessions of this instance only: other instances with the same role work
 * on. The first looks at the instance that the credentials were delivered to
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-for-amazon-ec2.html,
 * ec2:SourceInstanceARN), the second at the session's name, which for an instance is its id
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html). Both are
 * needed: sessions that were narrowed or chained may lack the first. The partition is that of the
 * profile, as AWS names it.
 */
export const revocationPolicy = (
  {
    id,
    region,
    accountId,
    instanceProfileArn = 'arn:*',
  }: Pick<Instance, 'id' | 'region' | 'accountId' | 'instanceProfileArn'>,
  roleId = '*',
): string => {
  const deny = (Condition: object) => ({ Effect: 'Deny', Action: '*', Resource: '*', Condition });
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      deny({
        ArnEquals: {
          'ec2:SourceInstanceARN': `arn:${instanceProfileArn.split(':')[1]}:ec2:${region}:${accountId}:instance/${id}`,
        },
      }),
      deny({ StringLike: { 'aws:userid': `${roleId}:${id}` } }),
    ],
  });
};

/** The profile's name, from its ARN; a path may stand before it. */
export const profileNameOf = (profileArn: string): string =>
  profileArn.slice(profileArn.lastIndexOf('/') + 1);
