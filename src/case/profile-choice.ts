import type { Before } from './before.ts';
import { movableInterfaces } from './before.ts';
import type { Trigger } from './case.ts';
import { isAskedByPerson } from './case.ts';
import { profileOfNames } from './isolation-group.ts';
import type { IsolationProfile } from './isolation-profile.ts';
import { strictest } from './isolation-profile.ts';
import type { ResidualRisk } from './risk.ts';
import { profileKept } from './risks/isolation-groups.ts';

/** The strictest profile under which an interface of the instance is isolated; none: undefined. */
export const profileInUse = ({ instance, groups }: Before): IsolationProfile | undefined => {
  const profiles = movableInterfaces(instance).flatMap(({ groupIds, vpcId }) => {
    const own = groupIds.map((id) =>
      groups.find(
        (one) => one.id === id && one.vpcId === vpcId && one.ownerId === instance.accountId,
      ),
    );
    return profileOfNames(own.map((group) => group?.name)) ?? [];
  });
  const [first, ...rest] = profiles;
  return first === undefined ? undefined : strictest([first, ...rest]);
};

export interface ProfileChoice {
  /** Absent: the setting decides. */
  readonly profile?: IsolationProfile;
  readonly risks: readonly ResidualRisk[];
}

/**
 * The profile of a case: what was asked for, if that is not looser than the setting and than the
 * groups in which the instance is found. Only a person may ask for a looser one, never an event.
 */
export const chooseProfile = (
  asked: IsolationProfile | undefined,
  setting: IsolationProfile,
  trigger: Pick<Trigger, 'source' | 'id'>,
  before: Before,
): ProfileChoice => {
  const found = profileInUse(before);
  if (asked !== undefined && isAskedByPerson(trigger)) return { profile: asked, risks: [] };
  const wanted = asked ?? setting;
  const profile = strictest([wanted, setting, found ?? wanted]);
  return {
    ...(asked === undefined && profile === setting ? {} : { profile }),
    risks: profile === wanted ? [] : [profileKept(wanted, profile)],
  };
};
