import { UncheckedError } from '../../case/errors.ts';
import type { Check } from '../check.ts';
import { ok } from '../check.ts';
import { placeOf } from '../permissions/place.ts';
import { probesOfFunctions } from '../permissions/probes.ts';
import type { Refused } from '../permissions/refused.ts';
import { refusedFindings } from '../permissions/refused.ts';
import { simulate, simulationPermissions } from '../permissions/simulate.ts';

/** Whether the functions may do what a case cannot do without. */
export const roles: Check = {
  name: 'roles',
  permissions: simulationPermissions,
  look: async (examination) => {
    const place = await placeOf(examination);
    const { partition, accountId, stack } = place;
    const functions = Object.entries(probesOfFunctions);
    const refused = await Promise.all(
      functions.map(async ([owner, names]): Promise<readonly Refused[]> => {
        const role = stack.resources[`${owner}Role`]?.id;
        if (role === undefined) throw new UncheckedError(`the stack has no ${owner}Role`);
        const arn = `arn:${partition}:iam::${accountId}:role/${role}`;
        const found = await simulate(examination.clients.iam, arn, names, place);
        return found.map((one) => ({ ...one, owner }));
      }),
    );
    const findings = refusedFindings(
      refused.flat(),
      'deploy the stack again: a policy was changed',
    );
    return findings.length === 0
      ? ok(`IAM lets ${functions.length} functions do what a case needs`)
      : findings;
  },
};
