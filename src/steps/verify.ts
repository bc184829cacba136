import { autoScalingPermissions } from '../aws/auto-scaling.ts';
import type { Deps } from '../aws/clients.ts';
import { inWords } from '../aws/errors.ts';
import { instancePermissions, readInstance } from '../aws/instance.ts';
import { loadBalancerPermissions, targetGroupPermissions } from '../aws/load-balancers.ts';
import { routePermissions } from '../aws/routes.ts';
import { securityGroupPermissions } from '../aws/security-groups.ts';
import { readSideDoors, sideDoorPermissions } from '../aws/side-doors.ts';
import { snapshotReadPermissions } from '../aws/snapshots.ts';
import type { Control, ControlName, Observation } from '../case/control.ts';
import { controlNames } from '../case/control.ts';
import type { Cut } from '../case/cut.ts';
import type { IsolationDetail, VerifyDetail } from '../case/details.ts';
import type { ResidualRisk } from '../case/risk.ts';
import {
  membershipUnread,
  sideDoorRisks,
  stillInAutoScalingGroup,
  transitionUnknown,
} from '../case/risk.ts';
import type { StepEntry, StepResult } from '../case/step.ts';
import { assessCut } from './assess-cut.ts';
import { readMembershipControl, readTargetsControl } from './controls/load-balancing.ts';
import { readNetwork } from './controls/network.ts';
import { observeProtections } from './controls/protections.ts';
import { readSnapshotsControl } from './controls/snapshots.ts';
import type { StepInput } from './step-input.ts';
import { withDescribe } from './with-describe.ts';

export const permissions = withDescribe([
  ...instancePermissions,
  ...securityGroupPermissions,
  autoScalingPermissions[0],
  ...targetGroupPermissions,
  ...loadBalancerPermissions,
  ...snapshotReadPermissions,
  ...routePermissions,
  ...sideDoorPermissions,
]);

type VerifyDeps = Deps<'ec2' | 'autoScaling' | 'loadBalancingV2' | 'loadBalancing'>;

export interface VerifyInput extends StepInput {
  /** What the steps said; only isolate-network knows whether the transition took place. */
  readonly steps?: readonly StepEntry[];
}

/** Controls that are read together. */
interface Reading {
  readonly controls: readonly ControlName[];
  read(): Promise<readonly Observation[]>;
}

/** Milliseconds before each look: what AWS does not show yet is looked at again, then judged. */
const looks = [0, 1_000, 2_000, 4_000] as const;

const readReading = async (
  { clock, log }: VerifyDeps,
  { controls, read }: Reading,
): Promise<readonly Control[]> => {
  let proof: readonly Control[] = [];
  for (const milliseconds of looks) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    const readAt = clock.now().toISOString();
    try {
      proof = (await read()).map((one) => ({ ...one, required: true, readAt }));
    } catch (error) {
      log.warn('a control could not be read', { controls, error: inWords(error) });
      proof = controls.map((control) => ({
        control,
        holds: 'unknown' as const,
        required: true,
        observed: `could not be read: ${inWords(error)}`,
        readAt,
      }));
    }
    if (proof.every((one) => one.holds === true)) break;
  }
  return proof;
};

const readings = (deps: VerifyDeps, { case: theCase, before }: VerifyInput): readonly Reading[] => {
  const { instanceId, region } = theCase;
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
        const now = await readInstance(deps.clients.ec2, instanceId, region);
        return [...(await readNetwork(deps, now)), ...observeProtections(now)];
      },
    },
    { controls: ['asg-membership'], read: () => readMembershipControl(deps, instanceId) },
    { controls: ['targets'], read: () => readTargetsControl(deps, before.instance) },
    {
      controls: ['snapshots'],
      read: () => readSnapshotsControl(deps, before.instance, theCase),
    },
  ];
};

/** What the isolating step knows of established connections, which nobody can read back. */
const cutOfStep = (entry: StepEntry | undefined): { cut: Cut; risks: readonly ResidualRisk[] } => {
  if (entry === undefined) return { cut: 'complete', risks: [] };
  if (entry.outcome !== 'done' && entry.outcome !== 'already') {
    return { cut: 'new-flows-only', risks: [transitionUnknown] };
  }
  const { cut, risks } = entry.detail as IsolationDetail;
  return { cut, risks: risks.filter(({ risk }) => risk === 'transition-failed') };
};

const membershipRisks = (proof: readonly Control[]): readonly ResidualRisk[] => {
  const control = proof.find((one) => one.control === 'asg-membership');
  if (control === undefined || control.holds === true) return [];
  return [
    control.holds === 'unknown'
      ? membershipUnread(control.observed)
      : stillInAutoScalingGroup(control.observed),
  ];
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
  const vpcIds = [...new Set(input.before.instance.networkInterfaces.map((one) => one.vpcId))];
  const [parts, assessment, doors] = await Promise.all([
    Promise.all(readings(deps, input).map((reading) => readReading(deps, reading))),
    assessCut(deps, input, deps.settings.connectionCut),
    readSideDoors(deps.clients.ec2, vpcIds),
  ]);
  const proof = parts
    .flat()
    .toSorted((a, b) => controlNames.indexOf(a.control) - controlNames.indexOf(b.control));
  const own = cutOfStep(input.steps?.findLast(({ step }) => step === 'isolate-network'));
  const running = input.before.instance.state !== 'stopped';
  const doubtful = running && own.cut === 'new-flows-only';
  return {
    outcome: 'done',
    detail: {
      proof,
      cut: doubtful ? 'new-flows-only' : assessment.cut,
      risks: [
        ...assessment.risks,
        ...(doubtful ? own.risks : []),
        ...membershipRisks(proof),
        ...sideDoorRisks(doors),
      ],
    },
  };
};
