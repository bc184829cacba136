import type { Before } from './before.ts';
import type { Case, EarlierRun, Trigger } from './case.ts';
import type { Control } from './control.ts';
import type { Cut } from './cut.ts';
import { defined } from './defined.ts';
import type { DescribeDetail, PrepareDetail } from './details.ts';
import { isolateCommands } from './isolate-commands.ts';
import type { Judgement, Status } from './judgement.ts';
import { judge } from './judgement.ts';
import type { WaitingQuestion } from './question.ts';
import { questionEntry } from './question.ts';
import type { RecordMark } from './record-mark.ts';
import { findingsOf, risksOf } from './report-findings.ts';
import { beginningOf, fitReport, longestName } from './report-size.ts';
import { latestOf, readableError, withoutBefore } from './report-steps.ts';
import { isolationTime, times } from './report-times.ts';
import type { ResidualRisk } from './risk.ts';
import type { StepEntry } from './step.ts';
import { lastOf } from './step-detail.ts';
import { knowledgeOf } from './undo/knowledge-of.ts';
import { undoSteps } from './undo/undo-steps.ts';
import { withoutVouched } from './vouched.ts';

/** Everything that is known about a case, for people, programs and the record. */
export interface CaseReport {
  readonly caseId: string;
  readonly instanceId: string;
  /** The instance's Name tag: a convenience for reading, written by whoever may tag. */
  readonly name?: string;
  readonly accountId: string;
  readonly region: string;
  readonly status: Status;
  /** Present in dry runs, whatever became of them. */
  readonly dryRun?: true;
  readonly reason: string;
  readonly cut: Cut;
  readonly trigger: Trigger;
  readonly startedAt: string;
  readonly isolatedAt?: string;
  readonly finishedAt?: string;
  /** From the first AWS call to the reading back. */
  readonly secondsToIsolate?: number;
  /** From the moment the finding was last seen to the reading back. */
  readonly secondsFromFinding?: number;
  readonly steps: readonly StepEntry[];
  readonly proof: readonly Control[];
  readonly residualRisks: readonly ResidualRisk[];
  readonly undo: string;
  /** The commands that isolate, one a line; present where the instance is not isolated. */
  readonly isolate?: string;
  /** How the case stood when this run of it began; absent in the first. */
  readonly earlier?: EarlierRun;
  /** Present where the case table did not answer when the case began. */
  readonly unlocked?: true;
  /** Present while a question waits: until when it can be answered (ISO 8601), and what happens then. */
  readonly question?: WaitingQuestion;
  /** The record of the case when this was reported: its head, 64 hexadecimal digits, and its objects. */
  readonly record?: RecordMark;
  /** Why what happened until now is not in the record yet, in one sentence. */
  readonly recordMissing?: string;
  /** The stored page of the case in the AWS Management Console, as a URL. */
  readonly page?: string;
  /** Present when lists were shortened to keep the report under 40 KB. */
  readonly truncated?: true;
}

export interface ReportInput {
  readonly case: Case;
  readonly steps: readonly StepEntry[];
  /** False while the case is still running: the first message, sent when the cut was read back. */
  readonly finished: boolean;
  readonly now: Date;
  /** Why the case is not contained at all, where that is decided before describe. */
  readonly skip?: string;
  /** Why a person is asked before the instance is cut off, where that is decided before describe. */
  readonly ask?: string;
  /** The question that waits for an answer; absent where nothing waits. */
  readonly question?: CaseReport['question'];
  /** Settings that were not understood and replaced by their defaults. */
  readonly settingWarnings?: readonly string[];
}

const nothingChanged: ReadonlySet<Status> = new Set(['planned', 'skipped']);

const nameOf = (before: Before | undefined): Pick<CaseReport, 'name'> => {
  const name = before?.instance.tags.Name ?? '';
  return name === '' ? {} : { name: beginningOf(name, longestName) };
};

/** Somebody has to isolate it by other means than Cordon. */
const isOpen = ({ status, isolated }: Judgement, { steps }: ReportInput): boolean =>
  !isolated &&
  (status === 'failed' || status === 'asked' || status === 'running') &&
  // What does not exist here, or no more, cannot be isolated here.
  !steps.some(({ error }) => /^Instance(?:NotFound|Terminated)Error$/.test(error?.code ?? ''));

/** The commands that isolate by hand, where somebody has to. */
const byHandOf = (
  judgement: Judgement,
  input: ReportInput,
  theCase: Case,
  before: Before | undefined,
  prepared: PrepareDetail | undefined,
): Pick<CaseReport, 'isolate'> => {
  if (!isOpen(judgement, input) || theCase.dryRun) return {};
  const failure = lastOf(input.steps, 'prepare-isolation')?.error?.code;
  const groupsExhausted = failure === 'GroupQuotaError';
  return { isolate: isolateCommands({ ...theCase, before, prepared, groupsExhausted }).join('\n') };
};

/** Without a before-state nothing was begun. */
const undoOf = (
  { status }: Judgement,
  theCase: Case,
  before: Before | undefined,
  steps: readonly StepEntry[],
): string =>
  nothingChanged.has(status) || theCase.dryRun || before === undefined
    ? 'Nothing was changed: there is nothing to undo.'
    : undoSteps(knowledgeOf(theCase, before, steps));

/** Makes the case report from the steps' entries; the same for the state machine and by hand. */
export const assembleReport = (input: ReportInput): CaseReport => {
  const { finished, now, settingWarnings = [] } = input;
  const described = lastOf<Partial<DescribeDetail>>(input.steps, 'describe')?.detail;
  const question = input.case.question ?? described?.case?.question;
  const theCase = { ...(described?.case ?? input.case), ...defined({ question }) };
  const asked = question === undefined ? [] : [questionEntry(question)];
  const steps = latestOf([...input.steps, ...asked]).map(readableError);
  const before = described?.before;
  const findings = findingsOf(steps);
  const { isolation, verification, prepared } = findings;
  const skip = input.ask ?? input.skip ?? described?.skip;
  const asks = input.ask !== undefined || described?.asks === true;
  const { dryRun } = theCase;
  const judgement = judge({
    ...{ dryRun, skip, asks, finished, steps, isolation, verification },
    ...(question?.answer === 'refused' ? { refusal: question } : {}),
  });
  const startedAt = input.steps[0]?.startedAt ?? now.toISOString();
  return fitReport({
    caseId: theCase.caseId,
    instanceId: theCase.instanceId,
    ...nameOf(before),
    accountId: theCase.accountId,
    region: theCase.region,
    status: judgement.status,
    ...(dryRun ? { dryRun: true as const } : {}),
    reason: judgement.reason,
    cut: judgement.cut,
    trigger: theCase.trigger,
    startedAt,
    ...times(theCase.trigger, startedAt, isolationTime(judgement, isolation)),
    ...(finished ? { finishedAt: now.toISOString() } : {}),
    steps: steps.map(withoutBefore).map(withoutVouched),
    proof: verification?.proof ?? [],
    residualRisks: risksOf(steps, findings, described?.risks, settingWarnings),
    ...byHandOf(judgement, input, theCase, before, prepared),
    ...defined({
      question: input.question,
      earlier: theCase.earlier,
      unlocked: theCase.unlocked,
    }),
    undo: undoOf(judgement, theCase, before, steps),
  });
};
