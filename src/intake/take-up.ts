import { StartExecutionCommand } from '@aws-sdk/client-sfn';
import { giveUpAfter } from '../aws/deadline.ts';
import { codeOf, inWords } from '../aws/errors.ts';
import { executionArnOf, readExecution } from '../aws/executions.ts';
import type { Case } from '../case/case.ts';
import { exactCaseIdFor } from '../case/case.ts';
import type { CaseItem } from '../record/case-table/case-item.ts';
import { executionNameOf, heldStatus } from '../record/case-table/case-item.ts';
import type { CaseTable } from '../record/case-table/case-table.ts';
import type { Budget } from '../triggers/brake.ts';
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

/** A finding waits for the table no longer than this, in milliseconds; DynamoDB answers within ten. */
const patience = 1_500;

/** Asks the table; undefined where it does not answer in time, which never stops a containment. */
const ask = async <Answer>(
  { deps: { clock, log } }: Pick<TakingUp, 'deps'>,
  question: () => Promise<Answer>,
): Promise<Answer | undefined> => {
  try {
    return await giveUpAfter(clock, patience, question);
  } catch (error) {
    log.warn('the case table did not answer', { error: inWords(error) });
    return undefined;
  }
};

/** Where the table does not count: as many as the executions of the last hour show. */
const heldByExecutions = async (
  { deps, stateMachineArn }: Pick<TakingUp, 'deps' | 'stateMachineArn'>,
  budget: Budget,
): Promise<string | undefined> => {
  if (budget.isCritical) return undefined;
  const recent = await countRecentCases(deps, stateMachineArn, budget.limit);
  return recent < budget.limit
    ? undefined
    : `${reasonOfBrake(budget)} The case table did not answer.`;
};

/** Whether the brake lets one more cut through; why not, where it does not. */
const heldBack = async (taking: TakingUp, { trigger }: Case): Promise<string | undefined> => {
  const { deps, table } = taking;
  const budget = budgetFor(trigger, deps.settings);
  if (budget === undefined) return undefined;
  const counted = await ask(taking, () => table.count(budget.name, budget.limit, deps.clock.now()));
  if (counted === undefined) return heldByExecutions(taking, budget);
  return counted ? undefined : reasonOfBrake(budget);
};

/** A new case: counted, and started or held. */
const beginCase = async (taking: TakingUp, theCase: Case): Promise<TakenUp> => {
  const held = await heldBack(taking, theCase);
  if (held === undefined) return start(taking, theCase, theCase.caseId, JSON.stringify(theCase));
  const { instanceId, caseId } = theCase;
  // Where this is not written, the next finding begins the case, and is not braked.
  await ask(taking, () => taking.table.settle(instanceId, caseId, heldStatus));
  return { kind: 'held', reason: held };
};

const profileIn = (input: string): unknown => {
  const about: unknown = JSON.parse(input);
  return typeof about === 'object' && about !== null && 'isolationProfile' in about
    ? about.isolationProfile
    : undefined;
};

/** Without the table the name of the execution is the lock. */
const withoutTable = async (taking: TakingUp, theCase: Case): Promise<TakenUp> => {
  const { deps, stateMachineArn } = taking;
  const budget = budgetFor(theCase.trigger, deps.settings);
  const held = budget === undefined ? undefined : await heldByExecutions(taking, budget);
  return held === undefined
    ? { kind: 'execution', execution: await startCase(deps, stateMachineArn, theCase) }
    : { kind: 'held', reason: held };
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
    const held = await heldBack(taking, own);
    if (held !== undefined) return { kind: 'held', reason: held };
    await ask(taking, () => table.settle(item.instanceId, item.caseId, 'running'));
  }
  const name = executionNameOf(item);
  const execution = await readExecution(stepFunctions, stateMachineArn, name).catch(
    (error: unknown) => {
      deps.log.warn('the execution of the case could not be read', { error: inWords(error) });
      return 'unknown' as const;
    },
  );
  if (execution === undefined) return start(taking, own, name, item.input);
  const sameProfile = profileIn(item.input) === theCase.isolationProfile;
  if (execution !== 'unknown' && execution.running && item.status === 'running' && sameProfile) {
    return executionOf(stateMachineArn, own, name, 'joined');
  }
  const next = executionNameOf({ ...item, runs: item.runs + 1 });
  const begun = await ask(taking, () => table.beginRun(item));
  if (begun === undefined) return withoutTable(taking, theCase);
  return begun
    ? start(taking, own, next, JSON.stringify(own))
    : executionOf(stateMachineArn, own, next, 'joined');
};

/**
 * Contains an instance exactly once: one open case per instance, held by the case table. Where the
 * table does not answer, the name of the execution is the lock, and the cut goes on. The two writes,
 * opening and counting, are round trips before StartExecution, which the lock and the brake are worth.
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
  const opened = await ask(taking, () => table.open(exact, now));
  if (opened === undefined) return withoutTable(taking, theCase);
  return opened === 'opened' ? beginCase(taking, exact) : repeat(taking, opened, theCase);
};
