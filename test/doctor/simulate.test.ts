import type { EvaluationResult } from '@aws-sdk/client-iam';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it } from 'vitest';
import type { Place } from '../../src/doctor/permissions/place.ts';
import { refusedFindings } from '../../src/doctor/permissions/refused.ts';
import { simulate } from '../../src/doctor/permissions/simulate.ts';
import type { StackNow } from '../../src/doctor/stack-now.ts';

const action = 'ec2:ModifyNetworkInterfaceAttribute';

const place = (partition: string, region: string): Place => ({
  partition,
  region,
  accountId: '123456789012',
  stack: {} as StackNow,
  stopParameter: '/cordon/cordon/stop',
});

const iam = mockClient(IAMClient);

const answering = async (...pages: readonly (readonly EvaluationResult[])[]) => {
  iam.reset();
  pages.forEach((EvaluationResults, index) => {
    const isLast = index === pages.length - 1;
    iam.on(SimulatePrincipalPolicyCommand, index === 0 ? {} : { Marker: String(index) }).resolves({
      EvaluationResults: [...EvaluationResults],
      IsTruncated: !isLast,
      ...(isLast ? {} : { Marker: String(index + 1) }),
    });
  });
  const role = 'arn:aws:iam::123456789012:role/IsolateNetworkFunctionRole';
  const refused = await simulate(new IAMClient({}), role, ['move'], place('aws', 'eu-central-1'));
  return refusedFindings(
    refused.map((one) => ({ ...one, owner: 'IsolateNetworkFunction' })),
    'deploy again',
  );
};

const result = (changes: Partial<EvaluationResult>): EvaluationResult => ({
  EvalActionName: action,
  EvalDecision: 'implicitDeny',
  ...changes,
});

describe('What IAM says of a call', () => {
  it.each([
    [
      'a service control policy denies it',
      result({ OrganizationsDecisionDetail: { AllowedByOrganizations: false } }),
      'FAIL',
      'denied by a service control policy',
      "ask its owner to except Cordon's roles",
    ],
    [
      'the policy allows it, and a service control policy does not',
      result({
        EvalDecision: 'allowed',
        OrganizationsDecisionDetail: { AllowedByOrganizations: false },
      }),
      'FAIL',
      'denied by a service control policy',
      "ask its owner to except Cordon's roles",
    ],
    [
      'a boundary does not allow it',
      result({ PermissionsBoundaryDecisionDetail: { AllowedByPermissionsBoundary: false } }),
      'FAIL',
      'denied by a permissions boundary',
      'have the boundary allow it',
    ],
    [
      'a policy denies it, on one of its resources',
      result({
        EvalDecision: 'allowed',
        ResourceSpecificResults: [
          { EvalResourceName: 'a', EvalResourceDecision: 'allowed' },
          { EvalResourceName: 'b', EvalResourceDecision: 'explicitDeny' },
        ],
      }),
      'FAIL',
      'denied by a policy',
      'find the policy that denies it, and except the role',
    ],
    ['no policy allows it', result({}), 'FAIL', 'not allowed', 'deploy again'],
    [
      'it hangs on a tag that no simulation knows',
      result({ MissingContextValues: ['aws:ResourceTag/environment'] }),
      'warn',
      'allowed only under conditions (aws:ResourceTag/environment)',
      'rehearse it with --instance',
    ],
  ])('is told with its cause: %s', async (_, evaluated, state, cause, remedy) => {
    expect(await answering([evaluated])).toEqual([
      { state, says: `${action} of IsolateNetworkFunction: ${cause}`, remedy },
    ]);
  });

  it('is nothing to tell where it is allowed on every resource', async () => {
    const allowed = { EvalResourceName: 'a', EvalResourceDecision: 'allowed' as const };
    expect(
      await answering([result({ EvalDecision: 'allowed', ResourceSpecificResults: [allowed] })]),
    ).toEqual([]);
  });

  it('may come on more than one page', async () => {
    const findings = await answering([result({ EvalDecision: 'allowed' })], [result({})]);
    expect(findings).toHaveLength(1);
  });

  it.each([
    ['aws-cn', 'cn-north-1'],
    ['aws-us-gov', 'us-gov-west-1'],
  ])('is asked about the resources of the partition %s', async (partition, region) => {
    iam.reset();
    iam.on(SimulatePrincipalPolicyCommand).resolves({ EvaluationResults: [] });
    await simulate(new IAMClient({}), 'arn', ['snapshot'], place(partition, region));
    const [call] = iam.commandCalls(SimulatePrincipalPolicyCommand);
    expect(call?.args[0].input.ResourceArns).toEqual([
      `arn:${partition}:ec2:${region}:123456789012:instance/i-0123456789abcdef0`,
      `arn:${partition}:ec2:${region}:123456789012:volume/vol-0123456789abcdef0`,
      `arn:${partition}:ec2:${region}::snapshot/snap-0123456789abcdef0`,
    ]);
  });
});
