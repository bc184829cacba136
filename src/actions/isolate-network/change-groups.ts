import { ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import type { Deps } from '../../aws/clients.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { codeOf, inWords, isDenied } from '../../aws/errors.ts';
import type { Patience } from '../../aws/insist.ts';
import { insist, isPassing } from '../../aws/insist.ts';
import type { Case } from '../../case/case.ts';
import type { Change } from '../../engine/change.ts';
import { send } from '../../engine/send.ts';
import { groupsBack } from './give-back.ts';

/** The longest that opening an interface is tried, in milliseconds: the cut waits behind it. */
const transitionBudget = 3_000;

/** The isolating change; where it is never answered, NOT CONTAINED must be out within 30 s. */
const isolating: Patience = { each: 3_000, all: 7_000 };

/** For so long after it was made, EC2 and IAM may not know a group or its tags, in milliseconds. */
const propagation = 5_000;

/** Which groups one interface is given. */
export interface GroupChange {
  readonly interfaceId: string;
  /** The groups that it has now, as read last. */
  readonly from: readonly string[];
  readonly groupIds: readonly string[];
  /** True when one of the groups was made in this run. */
  readonly fresh: boolean;
  /** The groups that an undo gives it; absent where nobody remembers them. */
  readonly originals?: readonly string[];
}

const changeOf = (
  { clients }: Deps<'ec2'>,
  { region }: Case,
  { interfaceId, from, groupIds, originals }: GroupChange,
): Change => ({
  call: 'ec2:ModifyNetworkInterfaceAttribute',
  resource: interfaceId,
  before: `groups ${from.join(' ')}`,
  after: groupIds.join(' '),
  inverse: originals === undefined ? [] : [groupsBack(region, interfaceId, groupIds, originals)],
  send: (dryRun) =>
    clients.ec2.send(
      new ModifyNetworkInterfaceAttributeCommand({
        NetworkInterfaceId: interfaceId,
        Groups: [...groupIds],
        ...(dryRun ? { DryRun: true } : {}),
      }),
    ),
});

/** @throws what EC2 answered. */
const make = async (deps: Deps<'ec2'>, { caseId }: Case, change: Change): Promise<void> => {
  const { outcome, error } = await send(deps, caseId, change);
  if (outcome === 'failed') throw error;
};

/**
 * What a new group is refused for while it is not visible everywhere: as unknown, or as one without
 * the tag that the policy asks for
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/query-api-troubleshooting.html#eventual-consistency).
 */
const refusalPasses = (
  { clock, log }: Deps,
  change: GroupChange,
): ((error: unknown) => boolean) => {
  const began = clock.now().getTime();
  return (error) => {
    const unseen =
      codeOf(error) === 'InvalidGroup.NotFound' ||
      (change.fresh && isDenied(error) && clock.now().getTime() - began < propagation);
    if (!unseen && !isPassing(error)) return false;
    log.warn('a change of groups is tried again', {
      networkInterfaceId: change.interfaceId,
      error: inWords(error),
    });
    return true;
  };
};

/**
 * Opens an interface, so that its flows become untracked.
 *
 * @throws what EC2 answers, or a TimeoutError when it may be applied later all the same.
 */
export const open = (deps: Deps<'ec2'>, theCase: Case, change: GroupChange): Promise<void> => {
  const { clock } = deps;
  const patience: Patience = { each: transitionBudget, all: transitionBudget };
  return make(deps, theCase, {
    ...changeOf(deps, theCase, change),
    attempt: (once) =>
      change.fresh
        ? insist(clock, patience, once, refusalPasses(deps, change))
        : giveUpAfter(clock, transitionBudget, once),
  });
};

/**
 * Isolates an interface: a throttled or unanswered change is tried again, a denied one is not.
 *
 * @throws what EC2 answered last, when its time is up or it is denied.
 */
export const isolate = (deps: Deps<'ec2'>, theCase: Case, change: GroupChange): Promise<void> =>
  make(deps, theCase, {
    ...changeOf(deps, theCase, change),
    attempt: (once) => insist(deps.clock, isolating, once, refusalPasses(deps, change)),
  });
