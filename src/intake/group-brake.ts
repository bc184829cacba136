import { autoScalingGroupPermissions, groupNamed } from '../aws/auto-scaling.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import type { Case } from '../case/case.ts';
import { isAskedByPerson } from '../case/case.ts';
import { quoted } from '../case/quoted.ts';
import { askTable } from './ask-table.ts';
import type { IntakeDeps } from './intake-result.ts';
import type { TakingUp } from './taking-up.ts';

export const groupBrakePermissions = autoScalingGroupPermissions;

/** A cut waits for the size of a group no longer than this, in milliseconds. */
const patience = 1_500;

/** Reads the size of a case's group, beside other work; undefined where there is none, or it is not known. */
export type ReadSize = () => Promise<number | undefined>;

/**
 * How many instances the Auto Scaling group of a case has. The group is the one that the finding names: the
 * instance itself is read by the run. Begun at once, so that the cut does not wait for it.
 */
export const groupSize = ({ clients, clock, log }: IntakeDeps, theCase: Case): ReadSize => {
  const { autoScalingGroup: name, trigger } = theCase;
  if (name === undefined || isAskedByPerson(trigger)) return async () => undefined;
  const reading = giveUpAfter(clock, patience, () => groupNamed(clients.autoScaling, name)).then(
    (group) => (group === undefined ? undefined : (group.Instances ?? []).length),
    (error: unknown) => {
      log.warn('the size of the Auto Scaling group could not be read', { error: inWords(error) });
      return undefined;
    },
  );
  return () => reading;
};

const budgetOf = (name: string): string => `group:${name}`;

/** A case that its other budget holds back was not cut: its group is not charged for it. */
export const giveGroupBack = async (
  taking: TakingUp,
  { autoScalingGroup: name }: Case,
): Promise<void> => {
  if (name === undefined) return;
  const { deps, table } = taking;
  await askTable(taking, () => table.uncount(budgetOf(name), deps.clock.now()));
};

/** The first member is always allowed, whatever the share. */
const allowedOf = (size: number, percent: number): number =>
  Math.max(1, Math.floor((size * percent) / 100));

/**
 * Whether so many of its Auto Scaling group were cut in this hour that the service would be down; why the
 * case is held, where they were. Counting is a round trip of its own, which only members of groups wait
 * for: what is counted here must not be counted where the group holds the case back. A group whose size
 * cannot be read holds nobody back.
 */
export const heldByGroup = async (
  taking: TakingUp,
  theCase: Case,
  size: ReadSize,
): Promise<string | undefined> => {
  const { autoScalingGroup: name = '' } = theCase;
  const members = await size();
  if (members === undefined || members === 0) return undefined;
  const { deps, table } = taking;
  const { brakeGroupPercent } = deps.settings;
  const limit = allowedOf(members, brakeGroupPercent);
  const counted = await askTable(taking, () =>
    table.count(budgetOf(name), limit, deps.clock.now()),
  );
  return counted === false
    ? `The brake holds it back: ${limit} of the ${members} instances of the Auto Scaling group ${quoted(name, 100)} were cut in this hour (BrakeGroupPercent ${brakeGroupPercent}). A person who contains it is not braked. It goes on by itself as the next hour's budget frees.`
    : undefined;
};
