import type { Deps } from '../../aws/clients.ts';
import { createGroup } from '../../aws/group-changes.ts';
import type { Before } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import { profileOf } from '../../case/case.ts';
import { isolationGroupName, lockdownGroupName } from '../../case/isolation-group.ts';
import { keepsServing } from '../../case/isolation-profile.ts';
import { originalsOf } from '../../case/original-groups.ts';
import type { Change } from '../../engine/change.ts';
import { tagging } from '../../engine/tagging.ts';
import type { PrepareInput } from './values-to-write.ts';
import { valuesToWrite } from './values-to-write.ts';

/** The isolation groups that would have to be made, by VPC. */
const missingGroups = (
  deps: Deps<'ec2'>,
  theCase: Case,
  before: Before,
): readonly { readonly vpcId: string; readonly name: string }[] => {
  const profile = profileOf(theCase, deps.settings);
  const wanted = movableInterfaces(before.instance).flatMap((one) => {
    const { vpcId } = one;
    if (!keepsServing(profile)) {
      return [{ vpcId, name: isolationGroupName(profile === 'forensic' ? 'forensic' : 'full') }];
    }
    return originalsOf(one, before).map((id) => ({ vpcId, name: lockdownGroupName(id) }));
  });
  const unique = new Map(wanted.map((one) => [`${one.vpcId} ${one.name}`, one]));
  return [...unique.values()].filter(
    ({ vpcId, name }) =>
      !before.groups.some((group) => group.vpcId === vpcId && group.name === name),
  );
};

export const plan = (deps: Deps<'ec2'>, input: PrepareInput): readonly Change[] => {
  const { case: theCase, before } = input;
  const { ec2 } = deps.clients;
  return [
    ...Object.entries(valuesToWrite(input).values).map(([id, tags]) => tagging(deps, id, tags)),
    ...missingGroups(deps, theCase, before).map(
      ({ vpcId, name }): Change => ({
        call: 'ec2:CreateSecurityGroup',
        resource: vpcId,
        before: `no group ${name}`,
        after: name,
        send: (dryRun) =>
          createGroup(
            ec2,
            { vpcId, name, role: 'isolation', description: 'Cordon: a rehearsal.' },
            dryRun,
          ),
      }),
    ),
  ];
};
