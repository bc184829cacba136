import type { ReinforcingAction } from '../action.ts';
import { sessionsBack } from './give-back.ts';

/** The role's sessions of this instance are denied everything, wherever they are used. */
export const revokeCredentials = {
  name: 'revoke-credentials',
  phase: 'reinforcements',
  optIn: 'REVOKE_CREDENTIALS',
  takesCredentials: true,
  permissions: ['iam:GetInstanceProfile', 'iam:PutRolePolicy'],
  releasePermissions: ['iam:DeleteRolePolicy'],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html
  rest: {
    of: 'role-credentials-valid',
    rest: {
      risk: 'role-credentials-revoked',
      explanation:
        'The sessions of the instance’s role are denied everything, once IAM has the policy everywhere: that takes minutes. Sessions of other roles that were assumed with them, or keys that were made with them, go on.',
      remedy:
        'Look in CloudTrail for AssumeRole, CreateAccessKey and GetFederationToken calls of the instance’s sessions, and revoke what they gave.',
    },
  },
  controls: [],
  inverses: ({ now }) =>
    (now.revocations ?? []).map(({ roleName, policyName }) => sessionsBack(roleName, policyName)),
} as const satisfies ReinforcingAction;
