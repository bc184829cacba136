import type { Change } from '../aws/change.ts';
import { rehearse } from '../aws/change.ts';
import type { Deps } from '../aws/clients.ts';
import { asCordonError, inWords } from '../aws/errors.ts';
import { createGroup, groupChangePermissions } from '../aws/group-changes.ts';
import { securityGroupPermissions } from '../aws/security-groups.ts';
import { writeTags } from '../aws/tags.ts';
import type { Before, NetworkInterface } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import type { PlanDetail, PrepareDetail, PreparedGroups } from '../case/details.ts';
import { IsolationGroupUnavailableError } from '../case/errors.ts';
import { isCordonGroupName, isolationGroupName } from '../case/isolation-group.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { transitionFailed, undoFromLogOnly } from '../case/risk.ts';
import type { StepResult } from '../case/step.ts';
import { caseTag } from '../trail/instance-tags.ts';
import { originalGroupsTags } from '../trail/original-groups.ts';
import { tagValue } from '../trail/tag-value.ts';
import type { Place } from './isolation-groups.ts';
import { ensureIsolationGroup, ensureTransitionGroup } from './isolation-groups.ts';
import type { StepInput } from './step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([...securityGroupPermissions, ...groupChangePermissions]);

type PrepareDeps = Deps<'ec2'>;

/** The groups an interface had before Cordon: Cordon's own are never originals. */
const originalsOf = (networkInterface: NetworkInterface, before: Before): readonly string[] => {
  const own = new Set([
    ...before.groups.filter((group) => isCordonGroupName(group.name)).map((group) => group.id),
    ...(networkInterface.cordonGroupIds ?? []),
  ]);
  return networkInterface.groupIds.filter((id) => !own.has(id));
};

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
          .map((one) => [one.id, originalsOf(one, before)] as const)
          .filter(([, originals]) => originals.length > 0),
      );

const prepareVpc = async (
  deps: PrepareDeps,
  place: Place,
  interfaces: readonly NetworkInterface[],
  risks: ResidualRisk[],
): Promise<PreparedGroups> => {
  const ipv6 = interfaces.some((one) => one.ipv6Addresses.length > 0);
  const withTransition = deps.settings.connectionCut === 'transition';
  const [isolation, transition] = await Promise.all([
    ensureIsolationGroup(deps, place),
    withTransition
      ? ensureTransitionGroup(deps, place, ipv6).catch((error: unknown) => {
          risks.push(
            transitionFailed(
              interfaces.map((one) => one.id),
              inWords(error),
            ),
          );
          return undefined;
        })
      : undefined,
  ]);
  return {
    isolation: isolation.id,
    ...(transition === undefined ? {} : { transition: transition.id }),
  };
};

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

const byVpc = (interfaces: readonly NetworkInterface[]): ReadonlyMap<string, NetworkInterface[]> =>
  Map.groupBy(interfaces, (one) => one.vpcId);

const plan = (deps: PrepareDeps, theCase: Case, before: Before): readonly Change[] => {
  const { ec2 } = deps.clients;
  const name = isolationGroupName(deps.settings.isolationProfile);
  const vpcIds = [...byVpc(movableInterfaces(before.instance)).keys()];
  const missing = vpcIds.filter(
    (vpcId) => !before.groups.some((group) => group.vpcId === vpcId && group.name === name),
  );
  return [
    ...[...originalsToWrite(before)].map(
      ([id, originals]): Change => ({
        call: 'ec2:CreateTags',
        resource: id,
        send: (dryRun) => writeTags(ec2, [id], interfaceTags(theCase, originals), dryRun),
      }),
    ),
    ...missing.map(
      (vpcId): Change => ({
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
  const vpcs = byVpc(movableInterfaces(before.instance));
  const [written, prepared] = await Promise.all([
    writeOriginals(deps, theCase, originals),
    Promise.allSettled(
      [...vpcs].map(async ([vpcId, interfaces]) => {
        const place = { vpcId, accountId, known: before.groups };
        return [vpcId, await prepareVpc(deps, place, interfaces, risks)] as const;
      }),
    ),
  ]);
  const ready = prepared.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const failures = prepared.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  for (const failure of failures) {
    deps.log.error('a VPC has no isolation group', { error: inWords(failure) });
  }
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
      groups: Object.fromEntries(ready),
      originals: Object.fromEntries(originals),
      risks: [...risks, ...written],
    },
  };
};
