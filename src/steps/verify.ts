import { autoScalingPermissions } from '../aws/auto-scaling.ts';
import type { Deps } from '../aws/clients.ts';
import { inWords } from '../aws/errors.ts';
import { instancePermissions, readInstance } from '../aws/instance.ts';
import { loadBalancerPermissions, targetGroupPermissions } from '../aws/load-balancers.ts';
import { readScheduledEvents, scheduledEventPermissions } from '../aws/scheduled-events.ts';
import { securityGroupPermissions } from '../aws/security-groups.ts';
import { readSideDoors, sideDoorPermissions } from '../aws/side-doors.ts';
import { snapshotReadPermissions } from '../aws/snapshots.ts';
import { tagReadPermissions } from '../aws/tags.ts';
import type { Before, Instance } from '../case/before.ts';
import { movableInterfaces } from '../case/before.ts';
import { profileOf } from '../case/case.ts';
import type { Control, ControlName, Observation } from '../case/control.ts';
import { controlNames, controlOf } from '../case/control.ts';
import type { Cut } from '../case/cut.ts';
import type {
  DeregisterDetail,
  DetachDetail,
  IsolationDetail,
  VerifyDetail,
} from '../case/details.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import type { Now } from '../case/now.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { membershipUnread, stillInAutoScalingGroup } from '../case/risks/auto-scaling.ts';
import {
  balancersUnread,
  foundIsolated,
  targetsUnknown,
  transitionUnknown,
} from '../case/risks/connections.ts';
import { scheduledEventRisks, scheduledEventsUnread } from '../case/risks/scheduled-events.ts';
import { sideDoorRisks } from '../case/risks/side-doors.ts';
import { isBeingTerminated, terminationUnderWay } from '../case/risks/termination.ts';
import type { StepEntry, StepName, StepResult } from '../case/step.ts';
import { instanceNow } from '../case/world-now.ts';
import { wasCutCompletely } from '../trail/claimed-cut.ts';
import { readRegistrationTags } from '../trail/registration-tags.ts';
import type { Tags } from '../trail/tags.ts';
import { assessCut, cutPermissions } from './assess-cut.ts';
import type { Registered } from './controls/load-balancing.ts';
import { readMembershipControl, readTargetsControl } from './controls/load-balancing.ts';
import { readNetwork } from './controls/network.ts';
import { observeProtections } from './controls/protections.ts';
import { readRemembered } from './controls/remembered.ts';
import { readReplacement } from './controls/replacement.ts';
import { readSnapshotsControl } from './controls/snapshots.ts';
import { readTrailControl } from './controls/trail.ts';
import type { StepInput } from './step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...instancePermissions,
  ...securityGroupPermissions,
  ...autoScalingPermissions,
  ...targetGroupPermissions,
  ...loadBalancerPermissions,
  ...snapshotReadPermissions,
  ...cutPermissions,
  ...sideDoorPermissions,
  ...scheduledEventPermissions,
  ...tagReadPermissions,
]);

type VerifyDeps = Deps<'ec2' | 'autoScaling' | 'loadBalancingV2' | 'loadBalancing'>;

export interface VerifyInput extends StepInput {
  /** What the steps said; only isolate-network knows whether the transition took place. */
  readonly steps?: readonly StepEntry[];
  /** True: what does not hold is not looked at again, because it is not expected to hold. */
  readonly once?: boolean;
}

/** Controls that are read together. */
interface Reading {
  readonly controls: readonly ControlName[];
  read(): Promise<readonly Observation[]>;
}

/** Milliseconds before each look: what AWS does not show yet is looked at again, then judged. */
const looks = [0, 1_000, 2_000, 4_000] as const;

/** What a server that goes on serving keeps on purpose: told, not required. */
const neverRequired: ReadonlySet<ControlName> = new Set(['trail']);
const keptWhileServing: ReadonlySet<ControlName> = new Set(['asg-membership', 'targets']);

const readReading = async (
  { clock, log }: VerifyDeps,
  { controls, read }: Reading,
  optional: (control: ControlName) => boolean,
  times: readonly number[],
): Promise<readonly Control[]> => {
  let proof: readonly Control[] = [];
  for (const milliseconds of times) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    const readAt = clock.now().toISOString();
    try {
      proof = (await read()).map((one) => ({
        ...one,
        required: one.holds !== 'not-applicable' && !optional(one.control),
        readAt,
      }));
    } catch (error) {
      log.warn('a control could not be read', { controls, error: inWords(error) });
      proof = controls.map((control) => ({
        control,
        holds: 'unknown' as const,
        required: !optional(control),
        observed: `could not be read: ${inWords(error)}`,
        readAt,
      }));
    }
    if (proof.every(({ holds, required }) => holds === true || !required)) break;
  }
  return proof;
};

const order: readonly ControlName[] = controlNames;

/** What is read beside the controls, for the undo. */
interface Seen {
  instance?: Instance;
  registered?: Registered;
  tags?: Tags;
}

const readings = (
  deps: VerifyDeps,
  { case: theCase, before, steps }: VerifyInput,
  seen: Seen,
): readonly Reading[] => {
  const { instanceId, region } = theCase;
  const profile = profileOf(theCase, deps.settings);
  return [
    {
      controls: [
        'eni-groups',
        'group-rules',
        'termination-protection',
        'stop-protection',
        'shutdown-behavior',
        'delete-on-termination',
      ],
      read: async () => {
        const [now, remembered] = await Promise.all([
          readInstance(deps.clients.ec2, instanceId, region),
          readRemembered(deps, before, profile, steps),
        ]);
        seen.instance = now;
        return [...(await readNetwork(deps, now, profile, remembered)), ...observeProtections(now)];
      },
    },
    {
      controls: ['trail'],
      read: async () => {
        const { observations, tags } = await readTrailControl(deps, before, theCase);
        seen.tags = tags;
        return observations;
      },
    },
    { controls: ['asg-membership'], read: () => readMembershipControl(deps, instanceId) },
    {
      controls: ['targets'],
      read: async () => {
        const { observations, registered } = await readTargetsControl(deps, before.instance);
        seen.registered = registered;
        return observations;
      },
    },
    {
      controls: ['snapshots'],
      read: () => readSnapshotsControl(deps, before.instance, theCase),
    },
  ];
};

const lifecycleStateIn = (proof: readonly Control[]): Pick<Now, 'lifecycleState'> => {
  const membership = controlOf(proof, 'asg-membership');
  if (membership === undefined || membership.holds === 'unknown') return {};
  const [state] = membership.observed.split(' in ');
  return { lifecycleState: membership.observed.startsWith('in no ') ? 'none' : (state ?? 'none') };
};

/** What was read, as an undo needs it. */
const forUndo = (
  { instance, registered, tags }: Seen,
  proof: readonly Control[],
  before: Before,
): Pick<VerifyDetail, 'now' | 'remembered'> => ({
  now: {
    ...(instance === undefined ? {} : instanceNow(instance)),
    ...lifecycleStateIn(proof),
    ...registered,
  },
  ...(tags === undefined ? {} : { remembered: readRegistrationTags(tags, before.instance) }),
});

/** What the isolating step knows of established connections, which nobody can read back. */
const cutOfStep = (
  entry: StepEntry | undefined,
  before: Before,
): { cut: Cut; risks: readonly ResidualRisk[] } => {
  if (entry === undefined) {
    // Verified afterwards: the trail of the run that isolated has its word.
    const ids = movableInterfaces(before.instance).map(({ id }) => id);
    return before.repeat && !wasCutCompletely(before)
      ? { cut: 'new-flows-only', risks: [foundIsolated(ids)] }
      : { cut: 'complete', risks: [] };
  }
  if (entry.outcome !== 'done' && entry.outcome !== 'already') {
    return { cut: 'new-flows-only', risks: [transitionUnknown] };
  }
  const { cut, risks } = entry.detail as IsolationDetail;
  return { cut, risks: risks.filter(({ risk }) => risk === 'transition-failed') };
};

const membershipRisks = (
  proof: readonly Control[],
  detach: StepEntry | undefined,
  instanceId: string,
): readonly ResidualRisk[] => {
  const detail = detach?.detail as Partial<DetachDetail> | undefined;
  // A group that may terminate nothing has its own risk, and one that is terminating it as well.
  if (detail?.left === 'suspended') return [];
  if (detail?.risks?.some(({ risk }) => risk === 'termination-under-way') === true) return [];
  const control = proof.find((one) => one.control === 'asg-membership');
  if (control === undefined || control.holds === true) return [];
  if (control.holds === 'unknown') return [membershipUnread(control.observed)];
  const [state = '', groupName = ''] = control.observed.split(' in ');
  return [
    isBeingTerminated(state)
      ? terminationUnderWay(groupName, instanceId, state)
      : stillInAutoScalingGroup(control.observed),
  ];
};

/** Whether a replacement is to be expected: the group has let the instance go, as far as is known. */
const hasLeft = ({ steps }: VerifyInput): boolean => {
  const entry = steps?.findLast(({ step }) => step === 'detach-auto-scaling');
  if (entry === undefined) return true;
  const went = entry.outcome === 'done' || entry.outcome === 'already';
  return went && (entry.detail as Partial<DetachDetail>).left !== 'suspended';
};

/** What AWS will do to the instance by itself; never throws. */
const readScheduled = async (
  { clients }: VerifyDeps,
  instanceId: string,
): Promise<readonly ResidualRisk[]> => {
  try {
    return scheduledEventRisks(await readScheduledEvents(clients.ec2, instanceId));
  } catch (error) {
    return [scheduledEventsUnread(inWords(error))];
  }
};

/**
 * Step 9: reads everything back from AWS, not from what the steps said, and states per control
 * whether it holds, what was seen and when. Never throws for a control: what cannot be read is
 * `unknown`, and an unknown control is not a held one.
 */
export const verify = async (
  deps: VerifyDeps,
  input: VerifyInput,
): Promise<StepResult<VerifyDetail | Record<string, never>>> => {
  if (input.case.dryRun) return { outcome: 'planned', detail: {} };
  const serving = keepsServing(profileOf(input.case, deps.settings));
  const optional = (control: ControlName) =>
    neverRequired.has(control) || (serving && keptWhileServing.has(control));
  const vpcIds = [...new Set(input.before.instance.networkInterfaces.map((one) => one.vpcId))];
  const seen: Seen = {};
  const times = input.once === true ? [0] : looks;
  const [parts, assessment, doors, scheduled, replacement] = await Promise.all([
    Promise.all(
      readings(deps, input, seen).map((reading) => readReading(deps, reading, optional, times)),
    ),
    assessCut(deps, input, deps.settings.connectionCut),
    readSideDoors(deps.clients.ec2, vpcIds),
    readScheduled(deps, input.case.instanceId),
    hasLeft(input) ? readReplacement(deps, input.before) : [],
  ]);
  const proof = parts
    .flat()
    .toSorted((a, b) => order.indexOf(a.control) - order.indexOf(b.control));
  const stepNamed = (name: StepName) => input.steps?.findLast(({ step }) => step === name);
  const own = cutOfStep(stepNamed('isolate-network'), input.before);
  const deregistered = stepNamed('deregister-load-balancers');
  const balanced = (deregistered?.detail as Partial<DeregisterDetail> | undefined)?.risks?.some(
    ({ risk }) => risk === 'nlb-tracked-flows',
  );
  const running = input.before.instance.state !== 'stopped';
  // Without the sweep nobody knows whether flows came in through a load balancer that is tracked.
  const unswept = deregistered?.outcome === 'failed';
  // Nor where it may be registered with one, in another VPC or in a group that could not be read.
  const targets = controlOf(proof, 'targets');
  const unsure = targets?.holds === 'unknown' ? [targetsUnknown(targets.observed)] : [];
  const doubtful =
    running && (own.cut === 'new-flows-only' || balanced === true || unswept || unsure.length > 0);
  return {
    outcome: 'done',
    detail: {
      proof,
      cut: doubtful ? 'new-flows-only' : assessment.cut,
      ...forUndo(seen, proof, input.before),
      risks: [
        ...assessment.risks,
        ...(doubtful ? own.risks : []),
        ...(running && unswept ? [balancersUnread] : []),
        ...(running ? unsure : []),
        ...membershipRisks(proof, stepNamed('detach-auto-scaling'), input.case.instanceId),
        ...replacement,
        ...sideDoorRisks(doors),
        ...scheduled,
      ],
    },
  };
};
