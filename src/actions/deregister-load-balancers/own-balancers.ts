import { readAttachments } from '../../aws/auto-scaling.ts';
import type { Deps } from '../../aws/clients.ts';
import { inWords } from '../../aws/errors.ts';
import type { Before, Membership } from '../../case/before.ts';
import { formerOf } from '../../record/trail/recall.ts';

/** What the Auto Scaling group registers by itself, the group that it was in before the case too. */
export interface OwnBalancers {
  readonly arns: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
}

export const readOwnBalancers = async (
  { clients, log }: Deps<'autoScaling'>,
  before: Before,
): Promise<OwnBalancers> => {
  const now = before.autoScaling.known ? before.autoScaling.membership : undefined;
  const former = formerOf(before).membership;
  let its: Pick<Membership, 'targetGroupArns' | 'loadBalancerNames'> | undefined = now ?? former;
  if (former !== undefined && former.groupName !== now?.groupName) {
    try {
      its = (await readAttachments(clients.autoScaling, former.groupName)) ?? its;
    } catch (error) {
      log.warn('the Auto Scaling group could not be read', { error: inWords(error) });
    }
  }
  return {
    arns: new Set(its?.targetGroupArns ?? []),
    names: new Set(its?.loadBalancerNames ?? []),
  };
};
