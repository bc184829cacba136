import * as z from 'zod/mini';
import { underCase } from '../aws/current-case.ts';
import { readStop } from '../aws/stop-switch.ts';
import type { Case } from '../case/case.ts';
import { isCaseIdOf } from '../case/case.ts';
import { defined } from '../case/defined.ts';
import { UnintelligibleEventError } from '../case/errors.ts';
import type { EndedQuestion } from '../case/question.ts';
import { stoppedWord, whyStopped } from '../case/stop-switch.ts';
import type { CaseItem } from '../record/case-table/case-item.ts';
import { endedStatuses, heldStatus, refusedStatus } from '../record/case-table/case-item.ts';
import { complaintOf } from '../triggers/complaint.ts';
import { instanceIdSchema } from '../triggers/schema.ts';
import { askTable } from './ask-table.ts';
import type { IntakeDeps, IntakeResult, IntakeSettings } from './intake-result.ts';
import { startCase } from './start-case.ts';
import { repeat, takeUp } from './take-up.ts';
import type { TakenUp } from './taking-up.ts';
import { tellLeftOpen } from './tell.ts';

/** What the machine that asks hands over when its question has ended, and the instance is to be cut. */
const schema = z.object({
  asked: z.literal('go-on'),
  case: z.looseObject({ instanceId: instanceIdSchema, caseId: z.string() }),
  answer: z.looseObject({
    answer: z.optional(z.string()),
    by: z.optional(z.string()),
    reason: z.optional(z.string()),
  }),
});

/** Whether an event says that a question has ended. Only who may invoke the function can send it. */
export const isAnswered = (event: unknown): boolean =>
  typeof event === 'object' && event !== null && 'asked' in event && event.asked === 'go-on';

const endedAt = (
  { answer, by, reason }: z.infer<typeof schema>['answer'],
  now: Date,
): EndedQuestion => {
  const at = now.toISOString();
  return answer === 'approve'
    ? { answer: 'approved', at, ...defined({ by, reason }) }
    : { answer: 'unanswered', at };
};

const parse = (event: unknown, now: Date): Case => {
  const parsed = schema.safeParse(event, { reportInput: true });
  if (!parsed.success || !isCaseIdOf(parsed.data.case.caseId, parsed.data.case.instanceId)) {
    const why = parsed.success ? 'its case is of another instance' : complaintOf(parsed.error);
    throw new UnintelligibleEventError(`The end of a question cannot be read (${why}).`);
  }
  const { case: theCase, answer } = parsed.data;
  return { ...(theCase as unknown as Case), question: endedAt(answer, now) };
};

const resultOf = ({ instanceId }: Case, taken: TakenUp): IntakeResult =>
  taken.kind === 'execution'
    ? { executions: [taken.execution], skipped: [] }
    : { executions: [], skipped: [{ instanceId, reason: taken.reason }] };

/** Under these the instance is isolated, is given back on purpose, or goes on by itself. */
const decided = [
  ...['contained', 'partial', 'releasing', 'release-incomplete', 'released', 'closed'],
  ...[heldStatus, refusedStatus],
];

/** Whether the item is the case of the answer, or another one under which somebody has decided. */
const concerns = ({ caseId, status }: CaseItem, theCase: Case): boolean =>
  caseId === theCase.caseId ||
  (decided.includes(status) && !endedStatuses.some((one) => one === status));

/** Cuts the case off that was asked about, unless the table says that it has changed meanwhile. */
const goOn = async (
  deps: IntakeDeps,
  settings: IntakeSettings,
  theCase: Case,
): Promise<TakenUp> => {
  const { stateMachineArn, askStateMachineArn = '', caseTable: table } = settings;
  const alone = async (): Promise<TakenUp> => ({
    kind: 'execution',
    execution: await startCase(deps, stateMachineArn, theCase),
  });
  if (table === undefined) return alone();
  const taking = { deps, stateMachineArn, askStateMachineArn, table };
  const found = await askTable(taking, async () => ({
    item: await table.find(theCase.instanceId),
  }));
  if (found === undefined) return alone();
  const { item } = found;
  // The table never knew of it, or knows another case that cut nobody: asked while it did not answer.
  if (item === undefined || !concerns(item, theCase)) {
    return takeUp(deps, settings, theCase);
  }
  const { caseId, status } = item;
  if (decided.includes(status)) {
    const words = `The case ${caseId} is ${status} by now, so the answer changes nothing.`;
    return { kind: 'left', reason: words };
  }
  return (await repeat(taking, item, theCase)) ?? takeUp(deps, settings, theCase);
};

/**
 * Goes on with a case whose question has ended: a person approved, or nobody answered and the settings
 * say to contain. While everything automatic is stopped only a person's word is carried out.
 *
 * @throws UnintelligibleEventError for anything that is no end of a question.
 * @throws AwsUnavailableError and its kin where the run could not be started, for the machine to repeat.
 */
export const answered = async (
  deps: IntakeDeps,
  settings: IntakeSettings,
  event: unknown,
): Promise<IntakeResult> => {
  const theCase = parse(event, deps.clock.now());
  const isApproved = theCase.question?.answer === 'approved';
  const stop = isApproved ? undefined : await readStop(deps, settings.stopParameter);
  if (stop !== undefined) {
    const reason = `${stoppedWord} would have contained ${theCase.instanceId}, but ${whyStopped(stop)}.`;
    await tellLeftOpen(deps, settings, event, { kind: 'skip', case: theCase, reason, tell: true });
    return resultOf(theCase, { kind: 'left', reason });
  }
  const taken = await underCase(theCase.caseId, () => goOn(deps, settings, theCase));
  if (taken.kind === 'held') {
    await tellLeftOpen(deps, settings, event, { kind: 'ask', case: theCase, reason: taken.reason });
  }
  return resultOf(theCase, taken);
};
