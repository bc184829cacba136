import { answerPermissions } from '../asking/send-answer.ts';
import { underCase } from '../aws/current-case.ts';
import { unjournaled } from '../aws/current-journal.ts';
import { asCordonError } from '../aws/errors.ts';
import { readStop, stopReadPermissions } from '../aws/stop-switch.ts';
import { defined } from '../case/defined.ts';
import { InvalidSettingsError, UnintelligibleEventError } from '../case/errors.ts';
import type { Stop } from '../case/stop-switch.ts';
import { stoppedWord, whyStopped } from '../case/stop-switch.ts';
import { openPermissions } from '../record/case-table/case-table.ts';
import type { ContainmentRequest } from '../triggers/containment-request.ts';
import type { Decision, Place } from '../triggers/decide.ts';
import { decide, strictest, unreadToTell } from '../triggers/decide.ts';
import { parseEvent } from '../triggers/parse-event.ts';
import { askAbout } from './ask-or-contain.ts';
import { attachmentPermissions, withAttachedInstances } from './attached-instances.ts';
import { groupBrakePermissions } from './group-brake.ts';
import type { IntakeDeps, IntakeResult, IntakeSettings } from './intake-result.ts';
import { keepWhileStopped } from './keep-evidence.ts';
import { noteDecision } from './note-decision.ts';
import { takeUp } from './take-up.ts';
import { reject, tellLeftOpen, tellUnread } from './tell.ts';
import { alarmPermissions, withTriggeringAlarms } from './triggering-alarms.ts';

export const permissions = [
  'states:StartExecution',
  'states:DescribeExecution',
  'states:ListExecutions',
  ...openPermissions,
  ...alarmPermissions,
  ...answerPermissions,
  ...groupBrakePermissions,
  ...attachmentPermissions,
  'sns:Publish',
  'sqs:SendMessage',
  ...stopReadPermissions,
] as const;

const arnPattern = /^arn:[a-z-]+:states:([a-z0-9-]+):(\d{12}):stateMachine:(.+)$/;

/** The account and Region that Cordon runs in are those of its state machine. */
const placeOf = (stateMachineArn: string): { region: string; accountId: string } => {
  const match = arnPattern.exec(stateMachineArn);
  if (match?.[1] === undefined || match[2] === undefined) {
    throw new InvalidSettingsError(
      `CONTAINMENT_STATE_MACHINE_ARN is "${stateMachineArn}"; accepted is the ARN of the state machine.`,
    );
  }
  return { region: match[1], accountId: match[2] };
};

const understand = (
  event: unknown,
  now: Date,
): readonly ContainmentRequest[] | UnintelligibleEventError => {
  try {
    return parseEvent(event, now);
  } catch (error) {
    if (error instanceof UnintelligibleEventError) return error;
    throw error;
  }
};

/** What one event is taken in with. */
interface Intake {
  readonly deps: IntakeDeps;
  readonly settings: IntakeSettings;
  readonly event: unknown;
  readonly here: Place & { readonly accountId: string };
}

/**
 * What is decided while everything automatic is stopped: whoever would be contained is left alone
 * and told of, and its evidence is kept. A dry run changes nothing, and goes on.
 */
const unlessStopped = async (
  { deps, settings }: Pick<Intake, 'deps' | 'settings'>,
  decision: Decision,
  stop: Stop | undefined,
): Promise<Decision> => {
  if (stop === undefined || decision.kind === 'skip' || decision.case.dryRun) return decision;
  const reason = `${stoppedWord} would have contained ${decision.case.instanceId}, but ${whyStopped(stop)}.`;
  await keepWhileStopped(deps, settings, decision.case, stop, reason);
  return { kind: 'skip', case: decision.case, reason, tell: true };
};

/** Tells of findings whose instance could not be read; answers with a sentence for the last. */
const tellOfUnread = async (
  { deps, settings, event, here }: Intake,
  requests: readonly ContainmentRequest[],
): Promise<string | undefined> => {
  const { region, accountId } = here;
  const sentences = await Promise.all(
    requests.flatMap((request) => {
      const unread = unreadToTell(request, deps.settings, here);
      const { trigger } = request;
      return unread === undefined
        ? []
        : [tellUnread(deps, settings, event, { region, accountId, ...unread, trigger })];
    }),
  );
  return sentences.at(-1);
};

const aboutNoInstance = (requests: readonly ContainmentRequest[]) =>
  requests
    .filter(({ instances, unread }) => instances.length === 0 && unread === undefined)
    .map(({ trigger }) => ({ reason: `${trigger.type} is not about an EC2 instance.` }));

const carryOut = async (
  intake: Intake,
  decisions: readonly Decision[],
): Promise<Pick<IntakeResult, 'executions' | 'skipped'>> => {
  const { deps, settings, event } = intake;
  // The cut waits for no message, and a topic that refuses ends no containment.
  const told = decisions.filter((one) => one.kind === 'skip' && one.tell);
  const telling = Promise.allSettled(told.map((one) => tellLeftOpen(deps, settings, event, one)));
  const questions = decisions.filter(({ kind }) => kind === 'ask');
  const asking = askAbout(deps, settings, event, questions);
  const taken = await Promise.allSettled(
    decisions
      .filter((one) => one.kind === 'contain')
      .map(async (decision) => {
        const { case: theCase } = decision;
        return underCase(theCase.caseId, async () => {
          const take = () => takeUp(deps, settings, theCase);
          // A dry run opens no case, and has no record.
          const taken = await (theCase.dryRun ? unjournaled(take) : take());
          noteDecision(decision, taken, deps.clock.now());
          return { case: theCase, ...taken };
        });
      }),
  );
  const all = [...taken, ...(await asking)];
  const done = all.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  const held = done.flatMap((one): readonly Decision[] =>
    one.kind === 'held' ? [{ kind: 'ask', case: one.case, reason: one.reason }] : [],
  );
  const tellingHeld = Promise.allSettled(
    held.map((one) => tellLeftOpen(deps, settings, event, one)),
  );
  const ends = [...all, ...(await telling), ...(await tellingHeld)];
  const failed = ends.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw asCordonError(failed.reason, 'Starting the state machine');
  return {
    executions: done.flatMap((one) => (one.kind === 'execution' ? [one.execution] : [])),
    skipped: [
      ...decisions.filter(({ kind }) => kind === 'skip'),
      ...done.filter((one) => one.kind !== 'execution'),
    ].map(({ case: { instanceId }, reason }) => ({ instanceId, reason })),
  };
};

/**
 * EventBridge in, executions out. What cannot be understood is told, put on the dead-letter queue
 * and returned as `rejected`.
 *
 * @throws AwsUnavailableError and its kin only for infrastructure: EventBridge then repeats, and
 *   at last puts the event on the queue itself.
 * @throws InvalidSettingsError when the state machine is not named.
 */
export const intake = async (
  deps: IntakeDeps,
  intakeSettings: IntakeSettings,
  event: unknown,
): Promise<IntakeResult> => {
  const { clock, log, settings } = deps;
  const { stateMachineArn, ownRoles } = intakeSettings;
  const here = { ...placeOf(stateMachineArn), ownRoles };
  const now = clock.now();
  const stopping = readStop(deps, intakeSettings.stopParameter);
  const understood = understand(event, now);
  if (understood instanceof UnintelligibleEventError) {
    return reject(deps, intakeSettings, event, understood.message);
  }
  const requests = await Promise.all(
    understood.map(async (request) =>
      withAttachedInstances(deps, here, await withTriggeringAlarms(deps, here, request)),
    ),
  );
  const decided = strictest(requests.flatMap((request) => decide(request, settings, here, now)));
  const stop = decided.some(({ kind }) => kind !== 'skip') ? await stopping : undefined;
  const taken: Intake = { deps, settings: intakeSettings, event, here };
  // Both to their end, whatever becomes of the other.
  const [unread, done] = await Promise.allSettled([
    tellOfUnread(taken, requests),
    carryOut(taken, await Promise.all(decided.map((one) => unlessStopped(taken, one, stop)))),
  ]);
  if (done.status === 'rejected') throw done.reason;
  if (unread.status === 'rejected') throw unread.reason;
  const { executions, skipped } = done.value;
  const result: IntakeResult = {
    executions,
    skipped: [...skipped, ...aboutNoInstance(requests)],
    ...defined({ rejected: unread.value }),
  };
  log.info('intake', { ...result, triggers: requests.map(({ trigger }) => trigger) });
  return result;
};
