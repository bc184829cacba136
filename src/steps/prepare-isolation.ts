import type { Change } from '../aws/change.ts';
import { rehearse } from '../aws/change.ts';
import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { asCordonError, codeOf, inWords } from '../aws/errors.ts';
import { createGroup, groupChangePermissions } from '../aws/group-changes.ts';
import { liveNetworkReader } from '../aws/readers/live-network-reader.ts';
import { routePermissions } from '../aws/routes.ts';
import { securityGroupPermissions } from '../aws/security-groups.ts';
import { writeTags } from '../aws/tags.ts';
import { vpcEndpointPermissions } from '../aws/vpc-endpoints.ts';
import type { Before, NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import { profileOf } from '../case/case.ts';
import type { PlanDetail, PrepareDetail } from '../case/details.ts';
import {
  GroupQuotaError,
  IsolationGroupUnavailableError,
  IsolationQuotaError,
} from '../case/errors.ts';
import { isolationGroupName, lockdownGroupName } from '../case/isolation-group.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import { originalsOf } from '../case/original-groups.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { recollectionRisks, undoFromLogOnly } from '../case/risks/record.ts';
import type { StepResult } from '../case/step.ts';
import { vouching } from '../case/vouched.ts';
import { interfaceTags, vouchedInterfaceTags } from '../trail/before-tags.ts';
import { fitTags } from '../trail/fit-tags.ts';
import { openingTags } from '../trail/instance-tags.ts';
import { isBeforeKey } from '../trail/keys.ts';
import { formerOf } from '../trail/recall.ts';
import { maximumTags } from '../trail/tag-value.ts';
import type { TagsByResource } from '../trail/tags.ts';
import { readGroupsNow } from './isolation/groups-now.ts';
import { readForensicWays } from './isolation-groups/forensic-ways.ts';
import { gateOf } from './isolation-groups/gate.ts';
import { prepareLockdownGroups } from './isolation-groups/lockdown-targets.ts';
import { prepareSharedGroups } from './isolation-groups/shared-targets.ts';
import { rememberInJournal, rememberInTags } from './remember.ts';
import type { StepInput } from './step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...securityGroupPermissions,
  ...groupChangePermissions,
  ...routePermissions,
  ...vpcEndpointPermissions,
]);

type PrepareDeps = Deps<'ec2'>;

/** The cut waits no longer for what is only read, in milliseconds. */
const longestForLesser = 3_000;

/** The groups are indispensable; where they cannot be made, that must be out within 30 s. */
const longestForGroups = 8_000;

export interface PrepareInput extends StepInput {
  /** `interfaces`: the watch closes interfaces of a case whose instance has been told everything. */
  readonly remembering?: 'all' | 'interfaces' | 'nothing';
}

interface ValuesToWrite {
  readonly values: TagsByResource;
  /** The keys of what finds no room among the tags of the instance. */
  readonly left: readonly string[];
}

/** Everything that describe knows of the world before, as it is written before the first change. */
const valuesToWrite = ({
  case: theCase,
  before,
  remembering = 'all',
}: PrepareInput): ValuesToWrite => {
  const { instance } = before;
  const opening = openingTags(theCase, before);
  const { fitting, left } = fitTags(opening.tags, instance.tags, maximumTags);
  return {
    values: {
      ...Object.fromEntries(
        (remembering === 'nothing' ? [] : movableInterfaces(instance))
          .map((one) => [one.id, interfaceTags(theCase.caseId, before, one)] as const)
          .filter(([, tags]) => Object.keys(tags).length > 0),
      ),
      ...(remembering === 'all' ? { [instance.id]: fitting } : {}),
    },
    left: remembering === 'all' ? [...opening.unfit, ...left] : [],
  };
};

/** What of it this run can vouch for: what was found in AWS itself, or is written anew. */
const vouchedFor = (
  { case: theCase, before, remembering }: PrepareInput,
  { values }: ValuesToWrite,
): TagsByResource => ({
  ...values,
  ...Object.fromEntries(
    (remembering === 'nothing' ? [] : movableInterfaces(before.instance)).map(
      (one) => [one.id, vouchedInterfaceTags(theCase.caseId, before, one)] as const,
    ),
  ),
});

/** The original groups of the interfaces that an undo gives them back. */
const originalsIn = (before: Before): Record<string, readonly string[]> =>
  Object.fromEntries(
    Object.entries(formerOf(before).interfaces).flatMap(([id, { groups }]) =>
      groups === undefined ? [] : [[id, groups] as const],
    ),
  );

/** What stays in the log alone, or whose origin is in doubt, as people are told. */
const rememberBefore = async (
  deps: PrepareDeps,
  { case: theCase, before }: PrepareInput,
  { values, left }: ValuesToWrite,
): Promise<ResidualRisk[]> => {
  const unwritten = await rememberInTags(deps, theCase, values);
  const lost = [
    ...unwritten,
    ...left.filter((key) => isBeforeKey(key)).map((key) => `${theCase.instanceId} (${key})`),
  ];
  return [
    ...(lost.length > 0 ? [undoFromLogOnly(lost.join(', '))] : []),
    ...recollectionRisks(before),
  ];
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

const plan = (deps: PrepareDeps, input: PrepareInput): readonly Change[] => {
  const { case: theCase, before } = input;
  const { ec2 } = deps.clients;
  return [
    ...Object.entries(valuesToWrite(input).values).map(
      ([id, tags]): Change => ({
        call: 'ec2:CreateTags',
        resource: id,
        send: (dryRun) => writeTags(ec2, [id], tags, dryRun),
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

/** Why no VPC has an isolation group, with what would help. */
const whyNoGroup = (failure: unknown): Error =>
  codeOf(failure) === 'SecurityGroupLimitExceeded'
    ? new GroupQuotaError(
        `Making the isolation group failed: ${inWords(failure)} Delete a security group that nothing uses, or raise the quota, and contain again.`,
        { cause: failure },
      )
    : asCordonError(failure, 'Making the isolation group');

/**
 * Before the detach and the cut: writes what was before to the tags, and finds, makes or
 * repairs the groups of every VPC that has an interface of the instance. A VPC without a usable
 * group does not keep the others from being cut; without any, the step fails.
 *
 * @throws IsolationGroupUnavailableError when no VPC has a closed isolation group.
 * @throws GroupQuotaError, AwsUnavailableError, AwsDeniedError when that is why.
 */
export const prepareIsolation = async (
  deps: PrepareDeps,
  input: PrepareInput,
): Promise<StepResult<PrepareDetail | PlanDetail>> => {
  const { case: theCase, before } = input;
  if (theCase.dryRun) {
    return {
      outcome: 'planned',
      detail: { calls: await rehearse(plan(deps, input)) },
    };
  }
  const toWrite = valuesToWrite(input);
  // First of all: the groups made beside the tags are changes too, and this run may end at any of them.
  await rememberInJournal(deps, theCase, toWrite.values);
  const risks: ResidualRisk[] = [];
  const { accountId } = before.instance;
  const interfaces = movableInterfaces(before.instance);
  const vpcs = byVpc(interfaces);
  const profile = profileOf(theCase, deps.settings);
  const ways =
    profile === 'forensic'
      ? giveUpAfter(deps.clock, longestForLesser, () =>
          readForensicWays(deps.settings, liveNetworkReader(deps.clients.ec2), interfaces),
        )
      : undefined;
  const made: string[] = [];
  const gate = gateOf(vpcs.size);
  const [written, groupsNow, prepared] = await Promise.all([
    rememberBefore(deps, input, toWrite),
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
  if (vpcs.size > 0 && ready.length === 0) throw whyNoGroup(failures[0]);
  if (vpcs.size === 0) {
    throw new IsolationGroupUnavailableError(
      `${before.instance.id} has no network interface that can be moved to an isolation group.`,
    );
  }
  return {
    outcome: before.repeat ? 'already' : 'done',
    detail: {
      groups: Object.fromEntries(ready.flatMap((targets) => [...targets])),
      originals: originalsIn(before),
      ...groupsNow,
      made,
      risks: [...risks, ...written, ...((await ways)?.risks ?? [])],
      ...vouching(vouchedFor(input, toWrite)),
    },
  };
};
