import { autoScalingPermissions, readMembership } from '../aws/auto-scaling.ts';
import type { Deps } from '../aws/clients.ts';
import { instancePermissions, readInstance } from '../aws/instance.ts';
import { readCordonGroups, securityGroupPermissions } from '../aws/security-groups.ts';
import type { Before, Instance } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import type { Case } from '../case/case.ts';
import { caseBegan, caseIdFor, isCaseIdOf } from '../case/case.ts';
import type { DescribeDetail } from '../case/details.ts';
import { ForeignInstanceError, InstanceNotFoundError } from '../case/errors.ts';
import { isClosed, isIsolationGroupName, isolationRules } from '../case/isolation-group.ts';
import { exemptReason, isExempt } from '../case/policy.ts';
import type { SecurityGroup } from '../case/security-group.ts';
import type { StepResult } from '../case/step.ts';
import { caseTag } from '../trail/instance-tags.ts';

export const permissions = [
  ...instancePermissions,
  ...autoScalingPermissions,
  ...securityGroupPermissions,
] as const;

/** What describe needs to know; everything but the instance may be missing. */
export interface DescribeInput {
  readonly instanceId: string;
  readonly region: string;
  readonly case?: Partial<Omit<Case, 'instanceId'>>;
}

/** True when every interface that can be moved is in a closed isolation group, and only there. */
const isIsolated = (
  instance: Instance,
  groups: readonly SecurityGroup[],
  settings: Deps['settings'],
): boolean => {
  const wanted = isolationRules(settings.isolationProfile, settings.forensicCidrs);
  const interfaces = movableInterfaces(instance);
  return (
    interfaces.length > 0 &&
    interfaces.every(({ groupIds, vpcId }) => {
      const group = groups.find((one) => one.id === groupIds[0]);
      return (
        groupIds.length === 1 &&
        group !== undefined &&
        group.vpcId === vpcId &&
        group.ownerId === instance.accountId &&
        isIsolationGroupName(group.name) &&
        isClosed(group, wanted)
      );
    })
  );
};

/**
 * Whether the tag can be the id of a case of this instance: begun in its life, not in the future.
 * The primary interface was attached when the instance was made; the launch time is renewed by
 * every start.
 */
const isPlausible = (tagged: string | undefined, instance: Instance, now: Date): boolean => {
  if (tagged === undefined || !isCaseIdOf(tagged, instance.id)) return false;
  const began = caseBegan(tagged)?.getTime() ?? Number.NaN;
  const made = instance.madeAt === undefined ? 0 : Date.parse(instance.madeAt);
  // The id is rounded down to ten minutes.
  return began <= now.getTime() && began > made - 600_000;
};

/** The case as asked for, its gaps filled from what AWS says; a repeat keeps its first id. */
const fillCase = (input: DescribeInput, before: Before, now: Date): Case => {
  const { instance, repeat } = before;
  const tagged = instance.tags[caseTag];
  const keptId = repeat && isPlausible(tagged, instance, now) ? tagged : undefined;
  return {
    caseId: keptId ?? input.case?.caseId ?? caseIdFor(instance.id, now, input.case?.dryRun),
    instanceId: instance.id,
    accountId: instance.accountId,
    region: input.region,
    trigger: input.case?.trigger ?? {
      source: 'manual',
      id: 'by-hand',
      type: 'manual',
      severity: null,
      at: now.toISOString(),
    },
    dryRun: input.case?.dryRun ?? false,
  };
};

const refuseGone = (instance: Instance): void => {
  if (instance.state !== 'terminated' && instance.state !== 'shutting-down') return;
  throw new InstanceNotFoundError(
    `The instance ${instance.id} is ${instance.state} (${instance.stateReason ?? 'no reason given'}): look for its snapshots, and at the log for who did it.`,
  );
};

const refuseForeign = (instance: Instance, asked: string | undefined): void => {
  // By hand the account is unknown until the instance was read.
  if (asked === undefined || asked === '' || asked === instance.accountId) return;
  throw new ForeignInstanceError(
    `The instance ${instance.id} belongs to account ${instance.accountId}, not to ${asked}: deploy Cordon there.`,
  );
};

/**
 * Step 1: reads everything that later steps need, in one round trip of parallel calls, and logs
 * it as the before-state.
 *
 * @throws InstanceNotFoundError when the instance is unknown or terminated.
 * @throws ForeignInstanceError when it belongs to another account than the trigger says.
 */
export const describe = async (
  { clients, clock, log, settings }: Deps<'ec2' | 'autoScaling'>,
  input: DescribeInput,
): Promise<StepResult<DescribeDetail>> => {
  const now = clock.now();
  const [instance, autoScaling, groups] = await Promise.all([
    readInstance(clients.ec2, input.instanceId, input.region),
    readMembership(clients.autoScaling, input.instanceId),
    // Never taken for absent when unread: an isolated instance would look like a new one.
    readCordonGroups(clients.ec2),
  ]);
  refuseForeign(instance, input.case?.accountId);
  refuseGone(instance);
  const repeat = isIsolated(instance, groups, settings);
  const before: Before = {
    instance,
    autoScaling,
    groups: groups.filter((group) => group.ownerId === instance.accountId),
    repeat,
    readAt: now.toISOString(),
  };
  const theCase = fillCase(input, before, now);
  log.info('before', { caseId: theCase.caseId, before });
  const automatic = theCase.trigger.source !== 'manual';
  return {
    outcome: 'done',
    detail: {
      case: theCase,
      before,
      ...(automatic && isExempt(instance.tags, settings.exemptTag)
        ? { skip: exemptReason(settings.exemptTag) }
        : {}),
    },
  };
};
