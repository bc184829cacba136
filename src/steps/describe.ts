import { autoScalingPermissions, readMembership } from '../aws/auto-scaling.ts';
import type { Deps } from '../aws/clients.ts';
import { adoptCase } from '../aws/current-case.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import type { Patience } from '../aws/insist.ts';
import { insist } from '../aws/insist.ts';
import { instancePermissions, isNotKnownYet, readInstance } from '../aws/instance.ts';
import { readCordonGroups, securityGroupPermissions } from '../aws/security-groups.ts';
import type { Before, Instance } from '../case/before.ts';
import { withoutForeignTags } from '../case/before.ts';
import { carriedGroups, carriedMembership } from '../case/carried.ts';
import type { Case } from '../case/case.ts';
import { byHand, caseIdFor, isAskedByPerson } from '../case/case.ts';
import { concernedGroups } from '../case/concerned-groups.ts';
import { defined } from '../case/defined.ts';
import type { DescribeDetail } from '../case/details.ts';
import { chooseProfile } from '../case/profile-choice.ts';
import type { SecurityGroup } from '../case/security-group.ts';
import type { StepResult } from '../case/step.ts';
import type { Evidence, OpenCase } from '../record/trail/open-case.ts';
import { openCase } from '../record/trail/open-case.ts';
import { givenBackIn } from '../record/trail/seal/given-back.ts';
import type { ReadPath } from './describing/forensic-path-of.ts';
import { forensicPathOf } from './describing/forensic-path-of.ts';
import { isIsolated } from './describing/is-isolated.ts';
import { leftAlone } from './describing/left-alone.ts';
import { recollect } from './describing/recollect.ts';
import { refuseForeign, refuseGone } from './describing/refusals.ts';
import type { SealReader } from './describing/seals-of.ts';
import { sealsOf } from './describing/seals-of.ts';

export const permissions = [
  ...instancePermissions,
  ...autoScalingPermissions,
  ...securityGroupPermissions,
] as const;

/** Whether an execution of the state machine of this name is about an instance. */
export type FindExecution = (caseId: string, instanceId: string) => Promise<Evidence['execution']>;

/** Beside the clients, what can show whose a remembered value is; nothing of it where run alone. */
export type DescribeDeps = Deps<'ec2' | 'autoScaling'> &
  SealReader & { readonly executions?: FindExecution; readonly readPath?: ReadPath };

/** What describe needs to know; everything but the instance may be missing. */
export interface DescribeInput {
  readonly instanceId: string;
  readonly region: string;
  readonly case?: Partial<Omit<Case, 'instanceId'>>;
}

/** The case as asked for, its gaps filled from what AWS says; a repeat keeps its first id. */
const fillCase = (
  input: DescribeInput,
  { instance }: Before,
  open: OpenCase | undefined,
  now: Date,
): Omit<Case, 'isolationProfile'> => {
  return {
    caseId:
      (open?.standing === 'kept' ? open.caseId : undefined) ??
      input.case?.caseId ??
      caseIdFor(instance.id, now, input.case?.dryRun, input.case?.isolationProfile),
    instanceId: instance.id,
    accountId: instance.accountId,
    region: input.region,
    trigger: input.case?.trigger ?? {
      source: 'manual',
      id: byHand,
      type: 'manual',
      severity: null,
      at: now.toISOString(),
    },
    dryRun: input.case?.dryRun ?? false,
    ...defined({
      question: input.case?.question,
      earlier: input.case?.earlier,
      unlocked: input.case?.unlocked,
    }),
  };
};

/** What may be absent is waited for so long, in milliseconds: the cut waits behind it. */
const longestForLesser = 3_000;

/** The instance and Cordon's groups are indispensable; NOT CONTAINED must be out within 30 s. */
const indispensable: Patience = { each: longestForLesser, all: 9_000 };

/** Milliseconds before each further look at an instance that EC2 does not know. */
const looksForNew = [500, 1_000, 1_500] as const;

/** The instance; an id that is unknown is looked up again for as long as a new one may be. */
const lookUp = async (
  { clients, clock }: Deps<'ec2'>,
  { instanceId, region }: DescribeInput,
): Promise<Instance> => {
  const look = () =>
    insist(clock, indispensable, () => readInstance(clients.ec2, instanceId, region));
  for (const milliseconds of looksForNew) {
    try {
      return await look();
    } catch (error) {
      if (!isNotKnownYet(error)) throw error;
      await clock.sleep(milliseconds);
    }
  }
  return look();
};

/** The case that the instance is in; whatever can witness it is asked only where a tag claims one. */
const findOpenCase = async (
  { executions, journal, log }: DescribeDeps,
  asked: DescribeInput['case'],
  { instance, groups }: Before,
  now: Date,
): Promise<OpenCase | undefined> => {
  const { accountId, region, id: instanceId } = instance;
  const cases = (await journal?.read({ accountId, region, instanceId })) ?? [];
  const known = openCase(instance, groups, { journal: cases, execution: 'unknown' }, now);
  if (known?.standing !== 'unproven') return known;
  // Who kept the evidence of this case has written its tags, and only intake or the lock says so in a case.
  const wasOpen = asked?.question !== undefined || asked?.earlier !== undefined;
  if (wasOpen && asked?.caseId === known.caseId) return { ...known, standing: 'kept' };
  if (executions === undefined) return known;
  const execution = await executions(known.caseId, instanceId);
  log.info('an execution was looked for', { caseId: known.caseId, execution });
  return openCase(instance, groups, { journal: cases, execution }, now);
};

/** What AWS shows of the instance, in one round trip of parallel calls. */
const readWorld = async (
  deps: DescribeDeps,
  input: DescribeInput,
  now: Date,
): Promise<{ readonly found: Before; readonly groups: readonly SecurityGroup[] }> => {
  const { clients, clock } = deps;
  const [instance, autoScaling, groups] = await Promise.all([
    lookUp(deps, input),
    giveUpAfter(clock, longestForLesser, () =>
      readMembership(clients.autoScaling, input.instanceId),
    ),
    // Never taken for absent when unread: an isolated instance would look like a new one.
    insist(clock, indispensable, () => readCordonGroups(clients.ec2)),
  ]);
  refuseForeign(instance, input.case?.accountId);
  refuseGone(instance);
  const found: Before = {
    instance,
    autoScaling,
    groups: concernedGroups(instance, groups),
    repeat: isIsolated(instance, groups, deps.settings),
    readAt: now.toISOString(),
  };
  return { found, groups };
};

/**
 * Step 1: reads everything that later steps need, in one round trip of parallel calls, and logs
 * it as the before-state. What may be absent has a deadline, and is absent after it.
 *
 * @throws InstanceNotFoundError when the instance is unknown.
 * @throws InstanceTerminatedError when it is terminated, or about to be.
 * @throws ForeignInstanceError when it belongs to another account than the trigger says.
 */
export const describe = async (
  deps: DescribeDeps,
  input: DescribeInput,
): Promise<StepResult<DescribeDetail>> => {
  const { log, settings } = deps;
  const now = deps.clock.now();
  const { found, groups } = await readWorld(deps, input, now);
  const open = await findOpenCase(deps, input.case, found, now);
  const seals = await sealsOf(deps, found, open);
  const filled = fillCase(input, found, open, now);
  const automatic = !isAskedByPerson(filled.trigger);
  // A person who contains by hand wants all of it again.
  const givenBack = automatic ? givenBackIn(found.instance, seals, 'sealed') : [];
  const before: Before = {
    ...found,
    recollection: recollect(found, open, seals),
    ...(givenBack.length === 0 ? {} : { givenBack }),
  };
  const asked = input.case?.isolationProfile;
  const choice = chooseProfile(asked, settings.isolationProfile, filled.trigger, before);
  const theCase: Case = { ...filled, ...defined({ isolationProfile: choice.profile }) };
  adoptCase(theCase.caseId);
  log.info('before', { caseId: theCase.caseId, before: withoutForeignTags(before) });
  return {
    outcome: 'done',
    detail: {
      case: theCase,
      before: {
        ...before,
        autoScaling: carriedMembership(before.autoScaling),
        groups: carriedGroups(groups, before.instance),
      },
      ...(choice.risks.length === 0 ? {} : { risks: choice.risks }),
      ...(await forensicPathOf(deps.readPath, theCase, before, settings)),
      ...(automatic ? leftAlone(before, theCase, settings, deps.executions !== undefined) : {}),
    },
  };
};
