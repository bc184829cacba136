import type { Deps } from '../../aws/clients.ts';
import { readGroupsById } from '../../aws/security-groups.ts';
import type { Instance, NetworkInterface } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import type { Observation } from '../../case/control.ts';
import { compareRules, isIsolationGroupName, isolationRules } from '../../case/isolation-group.ts';
import { describeRule } from '../../case/security-group.ts';

/** An interface that only AWS can move is open, though everything that can be moved is not. */
const groupsHold = (movable: number, outside: number, stuck: number): Observation['holds'] => {
  if (movable === 0 || outside > 0) return false;
  return stuck === 0 ? true : 'unknown';
};

const unmoved = (stuck: readonly NetworkInterface[]): string =>
  stuck.length === 0
    ? ''
    : `; ${stuck.map((one) => one.id).join(', ')} can be moved by nobody but AWS, and is open`;

/** `eni-groups` and `group-rules`: who guards the interfaces, and what the guards let through. */
export const readNetwork = async (
  { clients, settings }: Deps<'ec2'>,
  instance: Instance,
): Promise<readonly Observation[]> => {
  const interfaces = movableInterfaces(instance);
  const ids = [...new Set(interfaces.flatMap((one) => one.groupIds))];
  const groups = await readGroupsById(clients.ec2, ids);
  const outside = interfaces.filter(({ groupIds, vpcId }) => {
    const group = groups.find((one) => one.id === groupIds[0]);
    return (
      groupIds.length !== 1 ||
      group === undefined ||
      !isIsolationGroupName(group.name) ||
      group.vpcId !== vpcId ||
      group.ownerId !== instance.accountId
    );
  });
  const wanted = isolationRules(settings.isolationProfile, settings.forensicCidrs);
  const open = groups
    .filter((group) => isIsolationGroupName(group.name))
    .flatMap((group) =>
      compareRules(group, wanted).excess.map((rule) => `${group.id} allows ${describeRule(rule)}`),
    );
  const stuck = instance.networkInterfaces.filter((one) => one.requesterManaged);
  const named = (id: string): string => {
    const name = groups.find((group) => group.id === id)?.name;
    return name === undefined ? id : `${id} (${name})`;
  };
  const guards = groups.map((group) => `${group.id} (${group.name})`).join(', ');
  return [
    {
      control: 'eni-groups',
      holds: groupsHold(interfaces.length, outside.length, stuck.length),
      observed:
        interfaces.length === 0
          ? 'no network interface that could be isolated'
          : outside.length === 0
            ? `${interfaces.map((one) => one.id).join(', ')} only in ${guards}${unmoved(stuck)}`
            : outside
                .map((one) => `${one.id} in ${one.groupIds.map(named).join(' ') || 'no group'}`)
                .join('; '),
    },
    {
      control: 'group-rules',
      holds: outside.length === 0 && interfaces.length > 0 && open.length === 0,
      observed:
        open.length > 0
          ? open.join('; ')
          : outside.length > 0
            ? 'not every interface is in an isolation group'
            : wanted.length === 0
              ? `no rule, ingress or egress, IPv4 or IPv6, in ${guards}`
              : `only the forensic access in ${guards}`,
    },
  ];
};
