import type { Registration } from '../../case/before.ts';
import { beforeBalancerPrefix, readBalancer, writeBalancer } from './before-balancer.ts';
import type { Place } from './before-target.ts';
import { beforeTargetPrefix, readTarget, writeTarget } from './before-target.ts';
import { numberMissing, readNumbered } from './numbered.ts';
import type { Tags } from './tags.ts';

/** Where an instance is or was registered. */
export interface RegisteredWith {
  readonly targets: readonly Registration[];
  readonly loadBalancers: readonly string[];
}

const isNumbered = (key: string): boolean =>
  key.startsWith(beforeTargetPrefix) || key.startsWith(beforeBalancerPrefix);

/** Those of the tags that name registrations. */
export const numberedIn = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([key]) => isNumbered(key)));

/** The registrations that the tags of an instance name. */
export const readRegistrationTags = (tags: Tags, place: Place): RegisteredWith => ({
  targets: readNumbered(tags, beforeTargetPrefix).flatMap(
    (value) => readTarget(value, place) ?? [],
  ),
  loadBalancers: readNumbered(tags, beforeBalancerPrefix).flatMap(
    (value) => readBalancer(value) ?? [],
  ),
});

/** What somebody registered by hand needs the tag most: attaching does not restore it. */
const byNeed = (a: Registration, b: Registration): number =>
  Number(a.viaAutoScaling) - Number(b.viaAutoScaling);

/** Tags for the registrations that `present` does not name yet, under numbers that are free. */
export const registrationTags = (
  present: Tags,
  { targets, loadBalancers }: RegisteredWith,
): { readonly tags: Tags; readonly unfit: readonly string[] } => {
  const values = [...targets].toSorted(byNeed).map((one) => [one, writeTarget(one)] as const);
  const names = loadBalancers.map((name) => [name, writeBalancer(name)] as const);
  return {
    tags: {
      ...numberMissing(
        present,
        beforeTargetPrefix,
        values.flatMap(([, value]) => value ?? []),
      ),
      ...numberMissing(
        present,
        beforeBalancerPrefix,
        names.flatMap(([, value]) => value ?? []),
      ),
    },
    unfit: [
      ...values.flatMap(([one, value]) => (value === undefined ? [one.targetGroupArn] : [])),
      ...names.flatMap(([name, value]) => (value === undefined ? [name] : [])),
    ],
  };
};
