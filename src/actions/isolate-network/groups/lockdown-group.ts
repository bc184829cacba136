import { codeOf, inWords } from '../../../aws/errors.ts';
import type { RefusedRule } from '../../../aws/rule-changes.ts';
import { IsolationGroupUnavailableError, IsolationQuotaError } from '../../../case/errors.ts';
import { lockdownGroupName, lockdownRules } from '../../../case/isolation-group.ts';
import type { SecurityGroup } from '../../../case/security-group.ts';
import { firstClosed } from './ensure-group.ts';
import type { GroupDeps, Place } from './find-or-create.ts';

/** Quotas of groups per Region and of rules per group (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html). */
const quotaCodes = new Set([
  'SecurityGroupLimitExceeded',
  'RulesPerSecurityGroupLimitExceeded',
  'SecurityGroupsPerInterfaceLimitExceeded',
]);

const overQuota = (original: SecurityGroup, words: string, cause?: unknown) =>
  new IsolationQuotaError(
    `The egress-free clone of ${original.id} (${original.name}) does not fit the quotas of the account (${words}): raise the quota, or contain the instance under the profile full, which cuts its service too.`,
    { cause },
  );

/**
 * The clone of a group without its way out: made or brought into line with what the original lets
 * in now, and read. A rule that names what is no longer there is left out.
 *
 * @throws IsolationQuotaError when a quota of the account does not allow the clone.
 * @throws IsolationGroupUnavailableError when every name is taken by a group that is open.
 */
export const ensureLockdownGroup = async (
  deps: GroupDeps,
  place: Place,
  original: SecurityGroup,
): Promise<{ readonly group: SecurityGroup; readonly refused: readonly RefusedRule[] }> => {
  const refused: RefusedRule[] = [];
  let group: SecurityGroup | undefined;
  try {
    group = await firstClosed(
      deps,
      place,
      (suffix) => lockdownGroupName(original.id, suffix),
      lockdownRules(original, deps.settings.egressAllowList),
      (rules) => refused.push(...rules),
    );
  } catch (error) {
    throw quotaCodes.has(codeOf(error)) ? overQuota(original, inWords(error), error) : error;
  }
  const beyond = refused.find(({ code }) => quotaCodes.has(code));
  if (beyond !== undefined) throw overQuota(original, beyond.words);
  if (group !== undefined) return { group, refused };
  throw new IsolationGroupUnavailableError(
    `No egress-free clone of ${original.id} is closed: look at the rules of the groups ${lockdownGroupName(original.id)}*.`,
  );
};
