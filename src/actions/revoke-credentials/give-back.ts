import { command, option } from '../../case/command.ts';
import type { Inverse } from '../../case/undo/inverse.ts';

/** The inline policy that denies the instance's sessions everything. */
export const sessionsBack = (roleName: string, policyName: string): Inverse => ({
  phase: 'reinforcements',
  resource: roleName,
  what: `policy ${policyName} → none`,
  call: { api: 'iam:DeleteRolePolicy', input: { RoleName: roleName, PolicyName: policyName } },
  command: command([
    ...['aws', 'iam', 'delete-role-policy'],
    ...option('--role-name', roleName),
    ...['--policy-name', policyName],
  ]),
});
