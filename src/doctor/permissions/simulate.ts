import type { ContextEntry, EvaluationResult, IAMClient } from '@aws-sdk/client-iam';
import { paginateSimulatePrincipalPolicy } from '@aws-sdk/client-iam';
import type { Place } from './place.ts';
import type { ProbeName } from './probes.ts';
import { probes } from './probes.ts';

export const simulationPermissions = ['iam:SimulatePrincipalPolicy'] as const;

/** Why IAM would not let a call through. `undecided`: it hangs on keys that no simulation knows. */
export type Cause =
  | 'service-control-policy'
  | 'boundary'
  | 'explicit-deny'
  | 'not-allowed'
  | 'undecided';

/** An action that would be refused. */
export interface Refusal {
  readonly action: string;
  readonly cause: Cause;
  /** The condition keys that it hangs on, where it is undecided. */
  readonly keys: readonly string[];
}

const text = (ContextKeyName: string, ...ContextKeyValues: string[]): ContextEntry => ({
  ContextKeyName,
  ContextKeyValues,
  ContextKeyType: 'string',
});

/** What Cordon's calls say of themselves, and what its groups bear. */
const context: ContextEntry[] = [
  text('aws:RequestTag/cordon:role', 'isolation'),
  text('aws:ResourceTag/cordon:role', 'isolation'),
  text('ec2:CreateAction', 'CreateSecurityGroup'),
  text('ec2:Attribute', 'DisableApiTermination'),
  { ...text('aws:TagKeys', 'cordon:case'), ContextKeyType: 'stringList' },
];

const causeOf = (result: EvaluationResult, missing: readonly string[]): Cause => {
  if (result.OrganizationsDecisionDetail?.AllowedByOrganizations === false) {
    return 'service-control-policy';
  }
  if (result.PermissionsBoundaryDecisionDetail?.AllowedByPermissionsBoundary === false) {
    return 'boundary';
  }
  const decisions = [
    result.EvalDecision,
    ...(result.ResourceSpecificResults ?? []).map((one) => one.EvalResourceDecision),
  ];
  if (decisions.includes('explicitDeny')) return 'explicit-deny';
  return missing.length > 0 ? 'undecided' : 'not-allowed';
};

/** The refusal that an answer tells of; undefined where the call is allowed on every resource. */
const refusalIn = (result: EvaluationResult): Refusal | undefined => {
  const parts = result.ResourceSpecificResults ?? [];
  const decisions =
    parts.length === 0 ? [result.EvalDecision] : parts.map((one) => one.EvalResourceDecision);
  const forbidden = result.OrganizationsDecisionDetail?.AllowedByOrganizations === false;
  if (!forbidden && decisions.every((one) => one === 'allowed')) return undefined;
  const missing = [
    ...new Set([
      ...(result.MissingContextValues ?? []),
      ...parts.flatMap((one) => one.MissingContextValues ?? []),
    ]),
  ];
  const cause = causeOf(result, missing);
  return {
    action: result.EvalActionName ?? 'unknown',
    cause,
    keys: cause === 'undecided' ? missing : [],
  };
};

/**
 * Asks IAM what it would refuse of these calls to a role or a user. It knows identity policies, the
 * permissions boundary, and service control policies without conditions
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_testing-policies.html).
 */
export const simulate = async (
  client: IAMClient,
  principalArn: string,
  names: readonly ProbeName[],
  place: Place,
): Promise<readonly Refusal[]> => {
  const refusals: Refusal[] = [];
  // One after the other: many roles are asked about at once, and IAM limits its rate.
  for (const name of names) {
    const { actions, resources } = probes[name];
    const pages = paginateSimulatePrincipalPolicy(
      { client },
      {
        PolicySourceArn: principalArn,
        ActionNames: [...actions],
        ResourceArns: [...resources(place)],
        ContextEntries: context,
      },
    );
    for await (const { EvaluationResults = [] } of pages) {
      refusals.push(...EvaluationResults.flatMap((one) => refusalIn(one) ?? []));
    }
  }
  return refusals;
};
