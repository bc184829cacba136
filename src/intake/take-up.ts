import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { codeOf, inWords } from '../aws/errors.ts';
import { executionArnOf, readExecution } from '../aws/executions.ts';
import type { Case } from '../case/case.ts';
import { exactCaseIdFor } from '../case/case.ts';
import type { CaseItem } from '../record/case-table/case-item.ts';
import { executionNameOf, heldStatus } from '../record/case-table/case-item.ts';
import type { CaseTable } from '../record/case-table/case-table.ts';
import { budgetFor, reasonOfBrake } from '../triggers/brake.ts';
import { countRecentCases } from './count-recent-cases.ts';
import type { IntakeDeps, IntakeResult } from './intake-result.ts';
import { startCase } from './start-case.ts';

/** What became of a case that is to be contained: an execution, or a question. */
export type TakenUp =
  | { readonly kind: 'execution'; readonly execution: IntakeResult['executions'][number] }
  | { readonly kind: 'held'; readonly reason: string };

export interface TakingUp {
  readonly deps: IntakeDeps;
  readonly stateMachineArn: string;
  readonly table: CaseTable;
}

const executionOf = (
  stateMachineArn: string,
  { caseId, instanceId }: Pick<Case, 'caseId' | 'instanceId'>,
  name: string,
  outcome: 'started' | 'joined',
): TakenUp => ({
  kind: 'execution',
  execution: {
    caseId,
    instanceId,
    executionArn: executionArnOf(stateMachineArn, name),
    outcome,
  },
});

/**
 * Starts a run. The same name with the same input gives the execution that runs; a name that is taken
 * means that another intake was faster
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html).
 */
const start = async (
  { deps, stateMachineArn }: TakingUp,
  theCase: Pick<Case, 'caseId' | 'instanceId'>,
  name: string,
  input: string,
): Promise<TakenUp> => {
  try {
    await deps.clients.stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name, input }),
    );
    return executionOf(stateMachineArn, theCase, name, 'started');
  } catch (error) {
    if (codeOf(error) !== 'ExecutionAlreadyExists') throw error;
    return executionOf(stateMachineArn, theCase, name, 'joined');
  }
};

/** Whether the brake lets one more cut through; the question where it does not. */
const heldBack = async (
  { deps, table }: TakingUp,
  { trigger }: Case,
  now: Date,
): Promise<string | undefined> => {
  const budget = budgetFor(trigger, deps.settings);
  if (budget === undefined) return undefined;
  return (await table.count(budget.name, budget.limit, now)) ? undefined : reasonOfBrake(budget);
};

/** A new case: counted, and started or held. */
const beginCase = async (taking: TakingUp, theCase: Case): Promise<TakenUp> => {
  const held = await heldBack(taking, theCase, taking.deps.clock.now());
  if (held === undefined) return start(taking, theCase, theCase.caseId, JSON.stringify(theCase));
  await taking.table.settle(theCase.instanceId, theCase.caseId, heldStatus);
  return { kind: 'held', reason: held };
};

const profileIn = (input: string): unknown => {
  const about: unknown = JSON.parse(input);
  return typeof about === 'object' && about !== null && 'isolationProfile' in about
    ? about.isolationProfile
    : undefined;
};

/**
 * A finding about an instance whose case is open: finishes what a dead intake began, joins the run
 * that is on its way to the cut, or begins a further run of the same case, which isolates again what
 * drifted.
 */
export const repeat = async (taking: TakingUp, item: CaseItem, theCase: Case): Promise<TakenUp> => {
  const { deps, stateMachineArn, table } = taking;
  const { stepFunctions } = deps.clients;
  const own = { ...theCase, caseId: item.caseId };
  if (item.status === heldStatus) {
    const held = await heldBack(taking, own, deps.clock.now());
    if (held !== undefined) return { kind: 'held', reason: held };
    await table.settle(item.instanceId, item.caseId, 'running');
  }
  const name = executionNameOf(item);
  const execution = await readExecution(stepFunctions, stateMachineArn, name);
  if (execution === undefined) return start(taking, own, name, item.input);
  const sameProfile = profileIn(item.input) === theCase.isolationProfile;
  if (execution.running && item.status === 'running' && sameProfile) {
    return executionOf(stateMachineArn, own, name, 'joined');
  }
  const next = executionNameOf({ ...item, runs: item.runs + 1 });
  return (await table.beginRun(item))
    ? start(taking, own, next, JSON.stringify(own))
    : executionOf(stateMachineArn, own, next, 'joined');
};

/** Without the table: as many as the executions of the last hour show, and never a severe one held. */
const withoutTable = async (
  { deps, stateMachineArn }: TakingUp,
  theCase: Case,
): Promise<TakenUp> => {
  const budget = budgetFor(theCase.trigger, deps.settings);
  const severe = budget?.name === 'guardduty-critical';
  if (budget !== undefined && !severe) {
    const recent = await countRecentCases(deps, stateMachineArn, budget.limit);
    if (recent >= budget.limit) {
      return { kind: 'held', reason: `${reasonOfBrake(budget)} The case table did not answer.` };
    }
  }
  return { kind: 'execution', execution: await startCase(deps, stateMachineArn, theCase) };
};

/**
 * Contains an instance exactly once: one open case per instance, held by the case table. Where the
 * table does not answer, the name of the execution is the lock, and the cut goes on.
 */
export const takeUp = async (
  deps: IntakeDeps,
  stateMachineArn: string,
  table: CaseTable | undefined,
  theCase: Case,
): Promise<TakenUp> => {
  if (table === undefined || theCase.dryRun) {
    return { kind: 'execution', execution: await startCase(deps, stateMachineArn, theCase) };
  }
  const taking = { deps, stateMachineArn, table };
  const now = deps.clock.now();
  const exact = { ...theCase, caseId: exactCaseIdFor(theCase.instanceId, now) };
  const opened = await table.open(exact, now).catch((error: unknown) => {
    deps.log.warn('the case table did not answer', { error: inWords(error) });
    return undefined;
  });
  if (opened === undefined) return withoutTable(taking, theCase);
  return opened === 'opened' ? beginCase(taking, exact) : repeat(taking, opened, theCase);
};
