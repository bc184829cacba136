import type { IAMClient } from '@aws-sdk/client-iam';
import { GetRoleCommand } from '@aws-sdk/client-iam';
import { UncheckedError } from '../../case/errors.ts';
import { oneLine } from '../../case/one-line.ts';
import type { Check } from '../check.ts';
import { ok } from '../check.ts';
import { placeOf } from '../permissions/place.ts';
import { probesByHand } from '../permissions/probes.ts';
import { refusedFindings } from '../permissions/refused.ts';
import { simulate, simulationPermissions } from '../permissions/simulate.ts';

/**
 * The role or user whose policies decide. Of a session only the role's name is known, and not its path
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-arns).
 */
const principalOf = async (client: IAMClient, arn: string): Promise<string> => {
  const [, RoleName] = /:assumed-role\/([^/]+)\//.exec(arn) ?? [];
  if (RoleName !== undefined) {
    const { Role } = await client.send(new GetRoleCommand({ RoleName }));
    return Role?.Arn ?? '';
  }
  if (/:user\//.test(arn)) return arn;
  throw new UncheckedError(`IAM simulates roles and users, and not ${oneLine(arn)}`);
};

/** Whether the one who asks may contain by hand. */
export const byHand: Check = {
  name: 'by hand',
  permissions: ['iam:GetRole', ...simulationPermissions],
  look: async (examination) => {
    const { iam } = examination.clients;
    const [place, { arn }] = await Promise.all([placeOf(examination), examination.caller]);
    const refused = await simulate(iam, await principalOf(iam, arn), probesByHand, place);
    const findings = refusedFindings(
      refused,
      'attach OnCallReadPolicyArn and OnCallPolicyArn to your role',
    );
    return findings.length === 0 ? ok('you may contain by hand, and stop Cordon') : findings;
  },
};
