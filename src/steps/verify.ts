import { readReplacement } from '../actions/detach-auto-scaling/replacement.ts';
import { assessCut, cutPermissions } from '../actions/isolate-network/assess-cut.ts';
import { autoScalingPermissions } from '../aws/auto-scaling.ts';
import type { Deps } from '../aws/clients.ts';
import { inWords } from '../aws/errors.ts';
import { instancePermissions } from '../aws/instance.ts';
import { loadBalancerPermissions, targetGroupPermissions } from '../aws/load-balancers.ts';
import { liveReader } from '../aws/readers/live-reader.ts';
import type { Ec2Reader, Reader } from '../aws/readers/reader.ts';
import { scheduledEventPermissions } from '../aws/scheduled-events.ts';
import { securityGroupPermissions } from '../aws/security-groups.ts';
import { readSideDoors, sideDoorPermissions } from '../aws/side-doors.ts';
import { snapshotReadPermissions } from '../aws/snapshots.ts';
import { tagReadPermissions } from '../aws/tags.ts';
import { profileOf } from '../case/case.ts';
import type { Control, ControlName } from '../case/control.ts';
import { controlNames } from '../case/control.ts';
import type { DetachDetail, VerifyDetail } from '../case/details.ts';
import { withoutGivenBack } from '../case/given-back.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import type { ResidualRisk } from '../case/risk.ts';
import { membershipUnread, stillInAutoScalingGroup } from '../case/risks/auto-scaling.ts';
import { scheduledEventRisks, scheduledEventsUnread } from '../case/risks/scheduled-events.ts';
import { sideDoorRisks } from '../case/risks/side-doors.ts';
import { isBeingTerminated, terminationUnderWay } from '../case/risks/termination.ts';
import type { StepEntry, StepResult } from '../case/step.ts';
import type { StepInput } from '../case/step-input.ts';
import { cutDoubts } from './controls/cut-doubts.ts';
import { forUndo } from './controls/for-undo.ts';
import { readControls } from './controls/read-controls.ts';
import type { Seen } from './controls/readings.ts';
import { readings } from './controls/readings.ts';
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

type VerifyDeps = Deps<'ec2' | 'autoScaling' | 'loadBalancingV2' | 'loadBalancing'> & {
  /** Absent: AWS is asked for this case alone. */
  readonly reader?: Reader;
};

export interface VerifyInput extends StepInput {
  /** What the steps said; only isolate-network knows whether the transition took place. */
  readonly steps?: readonly StepEntry[];
  /** True: each control is read once. A control that is not expected to hold needs no second look. */
  readonly once?: boolean;
}

/** What a server that goes on serving keeps on purpose: told, not required. */
const neverRequired: ReadonlySet<ControlName> = new Set(['trail']);
const keptWhileServing: ReadonlySet<ControlName> = new Set(['asg-membership', 'targets']);

const order: readonly ControlName[] = controlNames;

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
  ec2: Ec2Reader,
  instanceId: string,
): Promise<readonly ResidualRisk[]> => {
  try {
    return scheduledEventRisks(await ec2.scheduledEvents(instanceId));
  } catch (error) {
    return [scheduledEventsUnread(inWords(error))];
  }
};

/** Everything that AWS shows of the case, read side by side. */
const readBack = async (deps: VerifyDeps, input: VerifyInput, reader: Reader) => {
  const serving = keepsServing(profileOf(input.case, deps.settings));
  const optional = (control: ControlName) =>
    neverRequired.has(control) || (serving && keptWhileServing.has(control));
  const { before, case: theCase, once } = input;
  const vpcIds = [...new Set(before.instance.networkInterfaces.map((one) => one.vpcId))];
  const seen: Seen = {};
  const [parts, assessment, doors, scheduled, replacement] = await Promise.all([
    Promise.all(
      readings({ ...deps, reader }, input, seen).map((reading) =>
        readControls(deps, reading, optional, once),
      ),
    ),
    assessCut(deps, input, deps.settings.connectionCut, reader.ec2),
    readSideDoors(reader.ec2, vpcIds),
    readScheduled(reader.ec2, theCase.instanceId),
    hasLeft(input) ? readReplacement(deps, before) : [],
  ]);
  const proof = withoutGivenBack(
    parts.flat().toSorted((a, b) => order.indexOf(a.control) - order.indexOf(b.control)),
    before.givenBack ?? [],
  );
  return {
    proof,
    seen,
    assessment,
    others: [...replacement, ...sideDoorRisks(doors), ...scheduled],
  };
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
  const reader = deps.reader ?? liveReader(deps.clients);
  const { proof, seen, assessment, others } = await readBack(deps, input, reader);
  const doubts = cutDoubts(input, proof);
  const detached = input.steps?.findLast(({ step }) => step === 'detach-auto-scaling');
  return {
    outcome: 'done',
    detail: {
      proof,
      cut: doubts.doubtful ? 'new-flows-only' : assessment.cut,
      ...forUndo(seen, proof, input.before),
      risks: [
        ...assessment.risks,
        ...doubts.risks,
        ...membershipRisks(proof, detached, input.case.instanceId),
        ...others,
      ],
    },
  };
};
