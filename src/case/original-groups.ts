import type { Before, NetworkInterface } from './before.ts';
import { isCordonGroupName, isolationGroupKind } from './isolation-group.ts';
import type { SecurityGroup } from './security-group.ts';

/** The groups an interface had before Cordon: Cordon's own are never originals. */
export const originalsOf = (
  networkInterface: NetworkInterface,
  before: Before,
): readonly string[] => {
  const own = new Set([
    ...before.groups.filter((group) => isCordonGroupName(group.name)).map((group) => group.id),
    ...(networkInterface.cordonGroupIds ?? []),
  ]);
  return networkInterface.groupIds.filter((id) => !own.has(id));
};

/** The same, with the originals of the egress-free clones that the interface is in. */
export const originalsBehindClones = (
  networkInterface: NetworkInterface,
  before: Before,
): readonly string[] => [
  ...new Set([
    ...originalsOf(networkInterface, before),
    ...networkInterface.groupIds.flatMap((id) => {
      const name = before.groups.find((group) => group.id === id)?.name ?? '';
      const is = isolationGroupKind(name);
      return is?.kind === 'egress-lockdown' ? [is.original] : [];
    }),
  ]),
];

/** The egress-free clone of an original group that the interface is in. */
export const cloneOf = (
  originalId: string,
  { groupIds }: NetworkInterface,
  { groups }: Before,
): SecurityGroup | undefined =>
  groups.find((group) => {
    const is = isolationGroupKind(group.name);
    return (
      is?.kind === 'egress-lockdown' && is.original === originalId && groupIds.includes(group.id)
    );
  });
