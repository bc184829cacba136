import { GetInstanceProfileCommand, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { profileNameOf, revocationPolicy, revocationPolicyName } from '../../case/revocation.ts';
import type { StepInput } from '../../case/step-input.ts';
import type { ActionDeps, Plan, PlannedChange } from '../plan.ts';
import { nothing } from '../plan.ts';
import { sessionsBack } from './give-back.ts';

/**
 * Denies everything to the role's sessions of this instance, wherever the credentials are used;
 * other instances with the role are untouched. Putting the same policy again changes nothing.
 */
export const planRevokeCredentials = async (
  { clients }: ActionDeps,
  { before }: StepInput,
): Promise<Plan> => {
  const { instance } = before;
  const cut = 'revoke-credentials';
  if (instance.instanceProfileArn === undefined) {
    return nothing(cut, 'not-applicable', instance.id, 'the instance has no instance profile');
  }
  const InstanceProfileName = profileNameOf(instance.instanceProfileArn);
  const { InstanceProfile } = await clients.iam.send(
    new GetInstanceProfileCommand({ InstanceProfileName }),
  );
  const PolicyName = revocationPolicyName(instance.id);
  const changes = (InstanceProfile?.Roles ?? []).map(
    ({ RoleName, RoleId }): PlannedChange => ({
      cut,
      call: 'iam:PutRolePolicy',
      resource: RoleName ?? '',
      before: `sessions of ${instance.id} may what the role may`,
      after: 'denied everything',
      send: () =>
        clients.iam.send(
          new PutRolePolicyCommand({
            RoleName,
            PolicyName,
            PolicyDocument: revocationPolicy(instance, RoleId),
          }),
        ),
      what: `sessions of ${instance.id} with the role ${RoleName} are denied everything (policy ${PolicyName})`,
      inverse: [sessionsBack(RoleName ?? '', PolicyName)],
    }),
  );
  return changes.length > 0
    ? { changes, remarks: [], risks: [] }
    : nothing(cut, 'not-applicable', InstanceProfileName, 'the instance profile has no role');
};
