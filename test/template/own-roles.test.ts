import { expect, it } from 'vitest';
import { everyOptIn, optedInto, stack } from './opted-in.ts';
import { roleOf } from './policy.ts';
import { resolved } from './resolve.ts';
import { at, resource, resourcesOfType } from './stack.ts';

/** Calls that GuardDuty's custom detection rules look for, of those that Cordon makes. */
const raising = ['ec2:ModifyInstanceAttribute', 'ec2:AuthorizeSecurityGroupIngress'];

const { Properties } = resource(stack, 'IntakeFunction');
const ownRoles = String(resolved(stack, at(Properties, 'Environment', 'Variables', 'OWN_ROLES')));

// fault A16
it('intake knows the roles that make calls which raise findings, each by id and ARN', () => {
  const functions = resourcesOfType(stack, 'AWS::Lambda::Function')
    .map(([functionId]) => functionId)
    .filter((functionId) =>
      roleOf(optedInto(...everyOptIn), functionId)
        .statements.flatMap(({ actions }) => actions)
        .some((action) => raising.includes(action)),
    );
  const roles = functions.flatMap((functionId) =>
    ['RoleId', 'Arn'].map((which) =>
      String(resolved(stack, { 'Fn::GetAtt': [`${functionId}Role`, which] })),
    ),
  );
  expect(functions.length).toBeGreaterThan(3);
  expect(ownRoles.split(',').toSorted()).toEqual(roles.toSorted());
});

// https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html: 4 KB for all of them.
it('that list leaves room for the other variables of intake, whatever the names', () => {
  const longest = ownRoles.split(',').map((one) => 'n'.repeat(one.startsWith('arn:') ? 110 : 24));
  expect(longest.join(',').length).toBeLessThan(1_024);
});
