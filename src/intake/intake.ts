import { underCase } from '../aws/current-case.ts';
import { asCordonError } from '../aws/errors.ts';
import { readStop, stopReadPermissions } from '../aws/stop-switch.ts';
import { defined } from '../case/defined.ts';
import { InvalidSettingsError, UnintelligibleEventError } from '../case/errors.ts';
import type { Stop } from '../case/stop-switch.ts';
import { stoppedWord, whyStopped } from '../case/stop-switch.ts';
import type { ContainmentRequest } from '../triggers/containment-request.ts';
import type { Decision } from '../triggers/decide.ts';
import { decide, unreadToTell } from '../triggers/decide.ts';
import { parseEvent } from '../triggers/parse-event.ts';
import type { IntakeDeps, IntakeResult, IntakeSettings } from './intake-result.ts';
import { startCase } from './start-case.ts';
import { reject, tellSkipped, tellUnread } from './tell.ts';

export const permissions = [
  'states:StartExecution',
  'states:DescribeExecution',
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

const understand = (event: unknown, now: Date): ContainmentRequest | UnintelligibleEventError => {
  try {
    return parseEvent(event, now);
  } catch (error) {
    if (error instanceof UnintelligibleEventError) return error;
    throw error;
  }
};

/**
 * What is decided while everything automatic is stopped: whoever would be contained is left alone
 * and told of. A dry run changes nothing, and goes on.
 */
const unlessStopped = (decision: Decision, stop: Stop | undefined): Decision => {
  if (stop === undefined || decision.kind === 'skip' || decision.case.dryRun) return decision;
  const reason = `${stoppedWord} would have contained ${decision.case.instanceId}, but ${whyStopped(stop)}.`;
  return { kind: 'skip', case: decision.case, reason, tell: true };
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
  const place = placeOf(stateMachineArn);
  const here = { ...place, ownRoles };
  const now = clock.now();
  const stopping = readStop(deps, intakeSettings.stopParameter);
  const request = understand(event, now);
  if (request instanceof UnintelligibleEventError) {
    return reject(deps, intakeSettings, event, request.message);
  }
  const decided = decide(request, settings, here, now);
  const stop = decided.some(({ kind }) => kind === 'contain') ? await stopping : undefined;
  const decisions = decided.map((one) => unlessStopped(one, stop));
  const skips = decisions.filter((one) => one.kind === 'skip');
  await Promise.all(
    skips.filter(({ tell }) => tell).map((skip) => tellSkipped(deps, intakeSettings, event, skip)),
  );
  const unread = unreadToTell(request, settings, here);
  const told =
    unread === undefined
      ? undefined
      : tellUnread(deps, intakeSettings, event, { ...place, ...unread, trigger: request.trigger });
  const started = await Promise.allSettled(
    decisions
      .filter((one) => one.kind === 'contain')
      .map(({ case: theCase }) =>
        underCase(theCase.caseId, () => startCase(deps, stateMachineArn, theCase)),
      ),
  );
  const rejected = await told;
  const failed = started.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw asCordonError(failed.reason, 'Starting the state machine');
  const result: IntakeResult = {
    executions: started.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])),
    skipped:
      request.instances.length === 0 && rejected === undefined
        ? [{ reason: `${request.trigger.type} is not about an EC2 instance.` }]
        : skips.map(({ case: { instanceId }, reason }) => ({ instanceId, reason })),
    ...defined({ rejected }),
  };
  log.info('intake', { ...result, trigger: request.trigger });
  return result;
};
