import { describe, expect, it } from 'vitest';
import { everyOptIn, parametersFor, stack } from './opted-in.ts';
import { managedPolicy, roleOf } from './policy.ts';
import { standing, withParameters } from './resolve.ts';
import { resourcesOfType } from './stack.ts';

const { AllowedPattern = '', MaxLength = 0 } = stack.Parameters.RevocableRoleArns ?? {};

const isTaken = (arns: readonly string[]): boolean => {
  const text = arns.join(',');
  return text.length <= MaxLength && new RegExp(`^(?:${AllowedPattern})$`).test(text);
};

const arn = (name: string): string => `arn:aws-us-gov:iam::123456789012:role/${name}`;

/** As many roles of so long a name as are taken; in a policy each costs two quotation marks more. */
const mostRoles = (nameLength: number): readonly string[] => {
  const roles = [arn('r'.repeat(nameLength))];
  while (isTaken([...roles, arn('r'.repeat(nameLength))])) {
    roles.push(arn('r'.repeat(nameLength)));
  }
  return roles;
};

/**
 * The stack where its policies are longest: everything opted into, the longest names of a partition
 * and of Regions, the longest name that a stack may have, and these roles.
 */
const largest = (roles: readonly string[]) =>
  standing(
    withParameters(stack, {
      ...parametersFor(...everyOptIn),
      FlowLogs: 'true',
      RevocableRoleArns: roles.join(','),
      ChatTopicArn: `arn:aws-us-gov:sns:ap-southeast-99:123456789012:${'c'.repeat(256)}`,
    }),
    {
      'AWS::Partition': 'aws-us-gov',
      'AWS::Region': 'ap-southeast-99',
      'AWS::StackName': 's'.repeat(128),
    },
  );

/** What is left, at least, for what nobody has thought of. */
const spare = 100;

// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
const longestInline = 10_240;
const longestManaged = 6_144;
/** Of one role, as long as the account asks for no more; SAM's own count too. */
const mostManaged = 10;

const roleOwners = resourcesOfType(stack, 'AWS::IAM::Role').map(([name]) =>
  name.replace(/Role$/, ''),
);

describe.each([1, 20, 40, 64, 300, 576])(
  'With as many roles as may be named, of %i characters',
  (length) => {
    const roles = mostRoles(length);
    const deployed = largest(roles);

    it('at least one role can be named', () => {
      expect(isTaken(roles)).toBe(true);
    });

    // fault D7
    it.each(roleOwners)('the inline policies of %s still fit into its role', (owner) => {
      expect(roleOf(deployed, owner).size).toBeLessThanOrEqual(longestInline - spare);
    });

    // fault D7
    it.each(resourcesOfType(stack, 'AWS::IAM::ManagedPolicy').map(([name]) => name))(
      'the managed policy %s can still be made',
      (name) => {
        expect(managedPolicy(deployed, name).size).toBeLessThanOrEqual(longestManaged - spare);
      },
    );
  },
);

// fault D7
it.each(roleOwners)('%s takes no more managed policies than a role may have', (owner) => {
  const { managed, shared } = roleOf(largest(mostRoles(40)), owner);
  const all = [...managed, ...shared];
  expect(all.length).toBeLessThanOrEqual(mostManaged);
  expect(new Set(all).size).toBe(all.length);
});

describe('A list of roles that no policy could hold', () => {
  const eighty = Array.from({ length: 80 }, (_, index) => arn(`web-${index}`));

  // fault D7
  it('is refused at deploy, with the number that is accepted', () => {
    expect(isTaken(eighty)).toBe(false);
    expect(isTaken(eighty.slice(0, 25))).toBe(true);
    expect(isTaken(eighty.slice(0, 26))).toBe(false);
    expect(stack.Parameters.RevocableRoleArns?.ConstraintDescription).toContain('25 role ARNs');
  });
});
