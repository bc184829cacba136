/**
 * What isolation lets through: nothing (`full`), the responders and what evidence needs
 * (`forensic`), or everything that comes in and nothing that goes out (`egress-lockdown`, for
 * servers that must go on serving).
 */
export type IsolationProfile = 'full' | 'forensic' | 'egress-lockdown';

/** The strictest first. */
export const isolationProfiles = [
  'full',
  'forensic',
  'egress-lockdown',
] as const satisfies IsolationProfile[];

/** The profile that lets the least through: `full`, then `forensic`, then `egress-lockdown`. */
export const strictest = (
  profiles: readonly [IsolationProfile, ...IsolationProfile[]],
): IsolationProfile =>
  isolationProfiles.find((profile) => profiles.includes(profile)) ?? profiles[0];

/** Why steps leave the server where it is. */
export const servingReason =
  'the profile egress-lockdown keeps the server serving: it stays with its group and load balancers';

/** Under this profile the server goes on serving: nothing takes it out of what sends it work. */
export const keepsServing = (profile: IsolationProfile): boolean => profile === 'egress-lockdown';
