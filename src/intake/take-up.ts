import { sendAnswer } from '../asking/send-answer.ts';
import { adoptCase } from '../aws/current-case.ts';
import { inWords } from '../aws/errors.ts';
import type { Case } from '../case/case.ts';
import { exactCaseIdFor } from '../case/case.ts';
import { defined } from '../case/defined.ts';
import type { CaseItem } from '../record/case-table/case-item.ts';
import {
  askedStatus,
  executionNameOf,
  heldStatus,
  isBeforeTheCut,
  isUncut,
  openingStatus,
  refusedStatus,
} from '../record/case-table/case-item.ts';
import { askTable } from './ask-table.ts';
import { beginNext, withoutTable } from './begin-next.ts';
import { covers } from './covers.ts';
import { groupSize } from './group-brake.ts';
import { heldBack, hold } from './held-back.ts';
import type { IntakeDeps, IntakeSettings } from './intake-result.ts';
import { keepEvidence } from './keep-evidence.ts';
import { coveredByRefusal, isAsSevere, waitingQuestion } from './left-as-it-is.ts';
import { readRun } from './read-run.ts';
import { startCase } from './start-case.ts';
import { executionOf, startRun } from './start-run.ts';
import type { TakenUp, TakingUp } from './taking-up.ts';

/** How long another intake is given to start what it opens, each time, in milliseconds. */
const openingPause = 500;

/** How often a case is looked up anew, where others change it at the same time. */
const mostAttempts = 3;

/** A new case: counted, and started or held. What cannot be noted as held is cut. */
const beginCase = async (taking: TakingUp, theCase: Case): Promise<TakenUp> => {
  const held = await heldBack(taking, theCase);
  if (held === undefined || !(await hold(taking, theCase))) {
    return startRun(taking, theCase, theCase.caseId, JSON.stringify(theCase));
  }
  return heldWith(taking, theCase, held);
};

/** Whether a held case goes on, in its turn, as severely as this finding would have it. */
const isHeldAsSevere = (item: CaseItem, theCase: Case): boolean =>
  item.status === heldStatus && isAsSevere(item, theCase);

/**
 * Why a finding waits for a question that its own run would only ask anew: the run of the case has asked it,
 * by what EC2 shows of the instance. Otherwise each further finding would begin the time anew, and an
 * attacker who provokes findings would never be cut off.
 */
const waitsForAnswer = (item: CaseItem, theCase: Case, now: Date): string | undefined =>
  theCase.question === undefined && theCase.ordered !== true && isAsSevere(item, theCase)
    ? waitingQuestion(item, now)
    : undefined;

/** The brake holds it back; its evidence is kept all the same. */
const heldWith = async (
  { deps, askStateMachineArn = '' }: TakingUp,
  theCase: Case,
  reason: string,
): Promise<TakenUp> => {
  await keepEvidence(deps, askStateMachineArn, theCase, reason, 'asked');
  return { kind: 'held', reason };
};

/** Whether an intake opened the case and has not started its run, or noted that it is held. */
const isBeingOpened = async (taking: TakingUp, item: CaseItem): Promise<boolean> =>
  item.status === openingStatus && (await readRun(taking, executionNameOf(item))) === undefined;

/** The case of a finding under the id of the open one, and how its question ended, if it had one. */
const ownCase = (item: CaseItem, theCase: Case, now: Date): Case => {
  const { caseId, status } = item;
  const wasAsked = status === askedStatus || status === refusedStatus;
  const overridden = { answer: 'overridden', at: now.toISOString() } as const;
  const question = wasAsked ? (theCase.question ?? overridden) : theCase.question;
  return { ...theCase, caseId, ...defined({ question }) };
};

/** Nobody was cut yet under such a case: it is counted, as a new one is. A person's word is not. */
const heldNow = async (taking: TakingUp, item: CaseItem, own: Case): Promise<string | undefined> =>
  isUncut(item.status) && own.question?.answer !== 'approved' ? heldBack(taking, own) : undefined;

/** Tells the question that waits that there is nothing left to ask; it would find out by itself. */
const answerQuestion = async (
  { deps }: TakingUp,
  { question, status }: CaseItem,
  theCase: Case,
): Promise<void> => {
  if (status !== askedStatus || question === undefined || theCase.question !== undefined) return;
  try {
    await sendAnswer(deps.clients.stepFunctions, question.token, {
      answer: 'superseded',
      by: 'another finding',
    });
  } catch (error) {
    deps.log.warn('the question of the case could not be answered', { error: inWords(error) });
  }
};

/**
 * A finding about an instance whose case is open: finishes what a dead intake began, joins the run
 * that is on its way to the cut, or begins a further run of the same case, which isolates again what
 * drifted. A run is not joined where the finding asks for more than it: it is critical, so that tags
 * count for nothing, or names another profile. Undefined where somebody else changed the case
 * meanwhile.
 */
export const repeat = async (
  taking: TakingUp,
  item: CaseItem,
  theCase: Case,
): Promise<TakenUp | undefined> => {
  const now = taking.deps.clock.now();
  adoptCase(item.caseId);
  const refused = theCase.ordered === true ? undefined : coveredByRefusal(item, theCase, now);
  if (refused !== undefined) return { kind: 'left', reason: refused };
  const own = ownCase(item, theCase, now);
  const name = executionNameOf(item);
  const run = await readRun(taking, name);
  const isUnderWay = run !== undefined && run !== 'unknown' && run.running;
  if (isUnderWay && isBeforeTheCut(item.status) && covers(run.input, theCase)) {
    return executionOf(taking, own, name, 'joined');
  }
  const waits = run === undefined ? undefined : waitsForAnswer(item, theCase, now);
  if (waits !== undefined) return { kind: 'left', reason: waits };
  const held = isUnderWay ? undefined : await heldNow(taking, item, own);
  if (held !== undefined && (isHeldAsSevere(item, own) || (await hold(taking, own)))) {
    return heldWith(taking, own, held);
  }
  const taken = await beginNext(taking, item, { own, named: theCase.caseId }, run !== undefined);
  if (taken !== undefined) await answerQuestion(taking, item, theCase);
  return taken;
};

/**
 * Contains an instance exactly once: one open case per instance, held by the case table. Where the
 * table does not answer, the name of the execution is the lock, and the cut goes on. The two writes,
 * opening and counting, are round trips before StartExecution, which the lock and the brake are worth.
 */
export const takeUp = async (
  deps: IntakeDeps,
  {
    stateMachineArn,
    askStateMachineArn = '',
    caseTable: table,
  }: Pick<IntakeSettings, 'stateMachineArn' | 'askStateMachineArn' | 'caseTable'>,
  theCase: Case,
): Promise<TakenUp> => {
  if (table === undefined || theCase.dryRun) {
    return { kind: 'execution', execution: await startCase(deps, stateMachineArn, theCase) };
  }
  const size = groupSize(deps, theCase);
  const taking = { deps, stateMachineArn, askStateMachineArn, table, size };
  const now = deps.clock.now();
  const exact = { ...theCase, caseId: exactCaseIdFor(theCase.instanceId, now) };
  for (let attempt = 0; attempt < mostAttempts; attempt += 1) {
    const opened = await askTable(taking, () => table.open(exact, now));
    if (opened === undefined) break;
    if (opened === 'opened') {
      adoptCase(exact.caseId);
      return beginCase(taking, exact);
    }
    // Another intake may be counting it right now; one that is dead leaves it so.
    const isLast = attempt === mostAttempts - 1;
    if (!isLast && (await isBeingOpened(taking, opened))) {
      await deps.clock.sleep(openingPause);
      continue;
    }
    const taken = await repeat(taking, opened, theCase);
    if (taken !== undefined) return taken;
    // Others begin its runs faster than this one can look: they cut it.
    if (isLast) {
      const next = executionNameOf({ ...opened, runs: opened.runs + 1 });
      return executionOf(taking, { ...theCase, caseId: opened.caseId }, next, 'joined');
    }
  }
  return withoutTable(taking, theCase);
};
