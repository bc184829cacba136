import type { Before } from './before.ts';
import type { IsolationProfile } from './isolation-profile.ts';

/** Which profile fits an instance, and why, for a person who has to choose one. */
export interface RecommendedIsolation {
  readonly profile: IsolationProfile;
  /** One sentence. */
  readonly reason: string;
}

/** How many servers are left of its group without it; undefined where it is in none, or nobody knows. */
const othersIn = ({ autoScaling, instance }: Before): number | undefined => {
  if (!autoScaling.known || autoScaling.membership === undefined) return undefined;
  const { instanceIds } = autoScaling.membership;
  return instanceIds?.filter((id) => id !== instance.id).length;
};

/**
 * What isolation fits an instance. Full isolation is the rule: nothing else stops what nobody has understood
 * yet. A server that is the last of its service may go on serving while its ways out are cut, because then
 * stolen data stays and operators are cut off; and where the settings name responders, they may need to
 * reach it.
 */
export const recommendedIsolation = (
  before: Before,
  serves: boolean,
  settings: { readonly forensicCidrs: readonly string[]; readonly forensicSecurityGroupId: string },
): RecommendedIsolation => {
  const others = othersIn(before);
  if (serves && (others === undefined || others === 0)) {
    return {
      profile: 'egress-lockdown',
      reason:
        'No other server of its group is known, so full isolation may end the service; egress-lockdown cuts its ways out and lets it serve. Isolate it fully as soon as the service may end, or if it attacks whom it serves.',
    };
  }
  if (settings.forensicCidrs.length > 0 || settings.forensicSecurityGroupId !== '') {
    return {
      profile: 'forensic',
      reason: 'Responders are named in the settings, and only they reach it under forensic.',
    };
  }
  const why =
    others === undefined || others === 0
      ? 'Nothing shows that it serves anybody'
      : others === 1
        ? 'One other server of its group goes on serving'
        : `${others} other servers of its group go on serving`;
  return { profile: 'full', reason: `${why}, and nothing else cuts all of its traffic.` };
};
