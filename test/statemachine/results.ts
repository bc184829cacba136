import type { Case } from '../../src/case/case.ts';
import type { DescribeDetail } from '../../src/case/details.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { StepEntry } from '../../src/case/step.ts';
import type { Results } from './interpreter.ts';
import type { Shape } from './shape.ts';
import { leaf, objectOf, withMembers } from './shape.ts';

/** The members of a type that are never left out. */
type Sure<Type> = {
  [Name in keyof Type]-?: Record<never, never> extends Pick<Type, Name> ? never : Name;
}[keyof Type] &
  string;

// A member that becomes optional in the code is a type error here.
const reportMembers = [
  'caseId',
  'instanceId',
  'accountId',
  'region',
  'status',
  'reason',
  'cut',
  'trigger',
  'startedAt',
  'steps',
  'proof',
  'residualRisks',
  'undo',
] as const satisfies readonly Sure<CaseReport>[];

const caseMembers = [
  'caseId',
  'instanceId',
  'accountId',
  'region',
  'trigger',
  'dryRun',
] as const satisfies readonly Sure<Case>[];

const describeDetail: Record<Sure<DescribeDetail>, Shape> = {
  case: withMembers(...caseMembers),
  before: leaf,
};

const report = withMembers(...reportMembers);

/**
 * The entry that a step returns. In a dry run its detail is the plan, and where the step has failed
 * it is empty, so no member of it is sure.
 */
const entry = (detail: Shape = objectOf({})): Shape => {
  const members: Record<Sure<StepEntry>, Shape> = {
    step: leaf,
    outcome: leaf,
    startedAt: leaf,
    finishedAt: leaf,
    detail,
  };
  return objectOf(members);
};

export const reportPaths = reportMembers.map((name) => `$.${name}`);

/** What the state machine knows of an instance before it contains it. */
export const described = entry(objectOf(describeDetail));

/** What it knows of the groups, when they could be made ready and when they could not. */
export const prepared = entry();

/** What each function surely returns when it does not throw. */
export const results: Results = {
  '${DescribeFunctionArn}': entry(),
  '${StartExecutionArn}': withMembers('ExecutionArn', 'StartDate'),
  '${DetachAutoScalingFunctionArn}': entry(),
  '${PrepareIsolationFunctionArn}': prepared,
  '${IsolateNetworkFunctionArn}': entry(),
  '${ReinforceCutFunctionArn}': entry(),
  '${DeregisterLoadBalancersFunctionArn}': entry(),
  '${ProtectFunctionArn}': entry(),
  '${SnapshotFunctionArn}': entry(),
  '${CollectEvidenceFunctionArn}': entry(),
  '${TagFunctionArn}': entry(),
  '${VerifyFunctionArn}': entry(),
  '${CheckSnapshotsFunctionArn}': entry(),
  '${ReportFunctionArn}': report,
  '${NotifyFunctionArn}': entry(),
};
