import type { Change } from '../aws/change.ts';
import { rehearse } from '../aws/change.ts';
import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { asCordonError, inWords } from '../aws/errors.ts';
import { createGroup, groupChangePermissions } from '../aws/group-changes.ts';
import { routePermissions } from '../aws/routes.ts';
import { securityGroupPermissions } from '../aws/security-groups.ts';
import { writeTags } from '../aws/tags.ts';
import { vpcEndpointPermissions } from '../aws/vpc-endpoints.ts';
import type { Before, NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import { profileOf } from '../case/case.ts';
import type { PlanDetail, PrepareDetail } from '../case/details.ts';
import { IsolationGroupUnavailableError, IsolationQuotaError } from '../case/errors.ts';
import { isolationGroupName, lockdownGroupName } from '../case/isolation-group.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import { originalsOf } from '../case/original-groups.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { undoFromLogOnly } from '../case/risks/record.ts';
import type { StepResult } from '../case/step.ts';
import { caseTag } from '../trail/instance-tags.ts';
import { originalGroupsTags } from '../trail/original-groups.ts';
import { tagValue } from '../trail/tag-value.ts';
import { readGroupsNow } from './isolation/groups-now.ts';
import { readForensicWays } from './isolation-groups/forensic-ways.ts';
import { gateOf } from './isolation-groups/gate.ts';
import { prepareLockdownGroups } from './isolation-groups/lockdown-targets.ts';
import { prepareSharedGroups } from './isolation-groups/shared-targets.ts';
import type { StepInput } from './step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...securityGroupPermissions,
  ...groupChangePermissions,
  ...routePermissions,
  ...vpcEndpointPermissions,
]);

type PrepareDeps = Deps<'ec2'>;

/** The cut waits no longer for the tags, nor for what is only read, in milliseconds. */
const longestForLesser = 3_000;

/** The groups are indispensable; where they cannot be made, that must be out within 30 s. */
const longestForGroups = 8_000;

const interfaceTags = (theCase: Case, originals: readonly string[]): Record<string, string> => ({
  [caseTag]: tagValue(theCase.caseId),
  ...originalGroupsTags(originals),
});

/** The interfaces whose originals are to be written, and what they are. */
const originalsToWrite = (before: Before): ReadonlyMap<string, readonly string[]> =>
  before.repeat
    ? new Map()
    : new Map(
        movableInterfaces(before.instance)
          .filter(({ id }) => before.recorded?.includes(id) !== true)
          .map((one) => [one.id, originalsOf(one, before)] as const)
          .filter(([, originals]) => originals.length > 0),
      );

const writeOriginals = async (
  { clients, log }: PrepareDeps,
  theCase: Case,
  originals: ReadonlyMap<string, readonly string[]>,
): Promise<ResidualRisk[]> => {
  const results = await Promise.all(
    [...originals].map(async ([id, groups]) => {
      try {
        await writeTags(clients.ec2, [id], interfaceTags(theCase, groups));
        return undefined;
      } catch (error) {
        log.error('the original groups could not be written to the tags', {
          caseId: theCase.caseId,
          networkInterfaceId: id,
          originalGroups: groups,
          error: inWords(error),
        });
        return id;
      }
    }),
  );
  const failed = results.filter((id) => id !== undefined);
  return failed.length > 0 ? [undoFromLogOnly(failed.join(', '))] : [];
};

/**
 * The groups of the interfaces, beside the tags so that it costs no round trip: somebody else may
 * have isolated one since the instance was described, and what is isolated is not opened again.
 */
const readBeforeOpening = async (
  deps: PrepareDeps,
  { instance }: Before,
): Promise<Pick<PrepareDetail, 'groupsNow'>> => {
  try {
    const ids = movableInterfaces(instance).map(({ id }) => id);
    return { groupsNow: Object.fromEntries(await readGroupsNow(deps, instance.id, ids)) };
  } catch (error) {
    deps.log.warn('the interfaces could not be read beside the tags', { error: inWords(error) });
    return {};
  }
};

const byVpc = (interfaces: readonly NetworkInterface[]): ReadonlyMap<string, NetworkInterface[]> =>
  Map.groupBy(interfaces, (one) => one.vpcId);

/** The isolation groups that would have to be made, by VPC. */
const missingGroups = (
  deps: PrepareDeps,
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

const plan = (deps: PrepareDeps, theCase: Case, before: Before): readonly Change[] => {
  const { ec2 } = deps.clients;
  return [
    ...[...originalsToWrite(before)].map(
      ([id, originals]): Change => ({
        call: 'ec2:CreateTags',
        resource: id,
        send: (dryRun) => writeTags(ec2, [id], interfaceTags(theCase, originals), dryRun),
      }),
    ),
    ...missingGroups(deps, theCase, before).map(
      ({ vpcId, name }): Change => ({
        call: 'ec2:CreateSecurityGroup',
        resource: vpcId,
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

/**
 * Beside the detach: writes each interface's original groups to its tags, and finds, makes or
 * repairs the groups of every VPC that has an interface of the instance. A VPC without a usable
 * group does not keep the others from being cut; without any, the step fails.
 *
 * @throws IsolationGroupUnavailableError when no VPC has a closed isolation group.
 * @throws AwsUnavailableError, AwsDeniedError when that is why.
 */
export const prepareIsolation = async (
  deps: PrepareDeps,
  { case: theCase, before }: StepInput,
): Promise<StepResult<PrepareDetail | PlanDetail>> => {
  if (theCase.dryRun) {
    return {
      outcome: 'planned',
      detail: { calls: await rehearse(plan(deps, theCase, before)) },
    };
  }
  const risks: ResidualRisk[] = [];
  const originals = originalsToWrite(before);
  const { accountId } = before.instance;
  const interfaces = movableInterfaces(before.instance);
  const vpcs = byVpc(interfaces);
  const profile = profileOf(theCase, deps.settings);
  const ways =
    profile === 'forensic'
      ? giveUpAfter(deps.clock, longestForLesser, () => readForensicWays(deps, interfaces))
      : undefined;
  const made: string[] = [];
  const gate = gateOf(vpcs.size);
  const [written, groupsNow, prepared] = await Promise.all([
    giveUpAfter(deps.clock, longestForLesser, () => writeOriginals(deps, theCase, originals)),
    readBeforeOpening(deps, before),
    giveUpAfter(deps.clock, longestForGroups, () =>
      Promise.allSettled(
        [...vpcs].map(([vpcId, its]) => {
          const place = { vpcId, accountId, known: before.groups, made };
          return keepsServing(profile)
            ? prepareLockdownGroups(deps, place, its, before, risks)
            : prepareSharedGroups(deps, place, its, { ways, gate }, risks);
        }),
      ),
    ),
  ]);
  const ready = prepared.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failures = prepared.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  for (const failure of failures) {
    deps.log.error('a VPC has no isolation group', { error: inWords(failure) });
  }
  const quota = failures.find((failure) => failure instanceof IsolationQuotaError);
  if (quota !== undefined) throw quota;
  if (vpcs.size > 0 && ready.length === 0) {
    throw asCordonError(failures[0], 'Making the isolation group');
  }
  if (vpcs.size === 0) {
    throw new IsolationGroupUnavailableError(
      `${before.instance.id} has no network interface that can be moved to an isolation group.`,
    );
  }
  return {
    outcome: before.repeat ? 'already' : 'done',
    detail: {
      groups: Object.fromEntries(ready.flatMap((targets) => [...targets])),
      originals: Object.fromEntries(originals),
      ...groupsNow,
      made,
      risks: [...risks, ...written, ...((await ways)?.risks ?? [])],
    },
  };
};
