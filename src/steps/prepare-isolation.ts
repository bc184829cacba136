import { readForensicWays } from '../actions/isolate-network/groups/forensic-ways.ts';
import { gateOf } from '../actions/isolate-network/groups/gate.ts';
import { prepareLockdownGroups } from '../actions/isolate-network/groups/lockdown-targets.ts';
import { prepareSharedGroups } from '../actions/isolate-network/groups/shared-targets.ts';
import { readGroupsNow } from '../actions/isolate-network/groups-now.ts';
import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { asCordonError, codeOf, inWords } from '../aws/errors.ts';
import { groupChangePermissions } from '../aws/group-changes.ts';
import { liveNetworkReader } from '../aws/readers/live-network-reader.ts';
import { routePermissions } from '../aws/routes.ts';
import { securityGroupPermissions } from '../aws/security-groups.ts';
import { vpcEndpointPermissions } from '../aws/vpc-endpoints.ts';
import type { Before, NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import { profileOf } from '../case/case.ts';
import type { PlanDetail, PrepareDetail, PreparedGroups } from '../case/details.ts';
import {
  GroupQuotaError,
  IsolationGroupUnavailableError,
  IsolationQuotaError,
} from '../case/errors.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { recollectionRisks, undoFromLogOnly } from '../case/risks/record.ts';
import type { StepResult } from '../case/step.ts';
import { vouching } from '../case/vouched.ts';
import { rehearse } from '../engine/rehearse.ts';
import { rememberInJournal, rememberInTags } from '../engine/remember.ts';
import { isBeforeKey } from '../record/trail/keys.ts';
import { plan } from './preparation/plan.ts';
import type { PrepareInput, ValuesToWrite } from './preparation/values-to-write.ts';
import { originalsIn, valuesToWrite, vouchedFor } from './preparation/values-to-write.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...securityGroupPermissions,
  ...groupChangePermissions,
  ...routePermissions,
  ...vpcEndpointPermissions,
]);

type PrepareDeps = Deps<'ec2'>;

/** How long the cut waits for a mere reading, in milliseconds. */
const longestForLesser = 3_000;

/** The groups are indispensable; where they cannot be made, that must be out within 30 s. */
const longestForGroups = 8_000;

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
 * Reads the groups of the interfaces again, while the tags are written, so that it costs no round
 * trip. Somebody else may have isolated an interface since the instance was described, and Cordon must
 * not open it again.
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

/** Why no VPC has an isolation group, with what would help. */
const whyNoGroup = (failure: unknown): Error =>
  codeOf(failure) === 'SecurityGroupLimitExceeded'
    ? new GroupQuotaError(
        `Making the isolation group failed: ${inWords(failure)} Delete a security group that nothing uses, or raise the quota, and contain again.`,
        { cause: failure },
      )
    : asCordonError(failure, 'Making the isolation group');

/** What became of the groups of each VPC, and what is to be told of them. */
interface Groups {
  readonly prepared: readonly PromiseSettledResult<ReadonlyMap<string, PreparedGroups>>[];
  readonly made: readonly string[];
  readonly risks: readonly ResidualRisk[];
}

/** Finds, makes or repairs the groups of every VPC, side by side, for eight seconds at most. */
const prepareGroups = async (
  deps: PrepareDeps,
  { case: theCase, before }: PrepareInput,
  interfaces: readonly NetworkInterface[],
): Promise<Groups> => {
  const { accountId } = before.instance;
  const profile = profileOf(theCase, deps.settings);
  const vpcs = byVpc(interfaces);
  const ways =
    profile === 'forensic'
      ? giveUpAfter(deps.clock, longestForLesser, () =>
          readForensicWays(deps.settings, liveNetworkReader(deps.clients.ec2), interfaces),
        )
      : undefined;
  const risks: ResidualRisk[] = [];
  const made: string[] = [];
  const gate = gateOf(vpcs.size);
  const prepared = await giveUpAfter(deps.clock, longestForGroups, () =>
    Promise.allSettled(
      [...vpcs].map(([vpcId, its]) => {
        const place = { vpcId, accountId, known: before.groups, made };
        return keepsServing(profile)
          ? prepareLockdownGroups(deps, place, its, before, risks)
          : prepareSharedGroups(deps, place, its, { ways, gate }, risks);
      }),
    ),
  );
  return { prepared, made, risks: [...risks, ...((await ways)?.risks ?? [])] };
};

/**
 * The groups of the VPCs that have some.
 *
 * @throws IsolationGroupUnavailableError, GroupQuotaError, IsolationQuotaError, AwsUnavailableError,
 *   AwsDeniedError when no VPC has any.
 */
const usable = (
  { log }: PrepareDeps,
  { before }: PrepareInput,
  { prepared }: Groups,
): readonly ReadonlyMap<string, PreparedGroups>[] => {
  const ready = prepared.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failures = prepared.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  for (const failure of failures) {
    log.error('a VPC has no isolation group', { error: inWords(failure) });
  }
  const quota = failures.find((failure) => failure instanceof IsolationQuotaError);
  if (quota !== undefined) throw quota;
  if (prepared.length === 0) {
    throw new IsolationGroupUnavailableError(
      `${before.instance.id} has no network interface that can be moved to an isolation group.`,
    );
  }
  if (ready.length === 0) throw whyNoGroup(failures[0]);
  return ready;
};

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
    return { outcome: 'planned', detail: { calls: await rehearse(plan(deps, input)) } };
  }
  const toWrite = valuesToWrite(input);
  // The journal comes first: making the groups changes something, and this run may end at any change.
  await rememberInJournal(deps, theCase, toWrite.values);
  const [written, groupsNow, groups] = await Promise.all([
    rememberBefore(deps, input, toWrite),
    readBeforeOpening(deps, before),
    prepareGroups(deps, input, movableInterfaces(before.instance)),
  ]);
  const ready = usable(deps, input, groups);
  return {
    outcome: before.repeat ? 'already' : 'done',
    detail: {
      groups: Object.fromEntries(ready.flatMap((targets) => [...targets])),
      originals: originalsIn(before),
      ...groupsNow,
      made: groups.made,
      risks: [...groups.risks, ...written],
      ...vouching(vouchedFor(input, toWrite)),
    },
  };
};
