import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand } from '@aws-sdk/client-sns';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import type { Deps } from './aws/clients.ts';
import { underCase } from './aws/current-case.ts';
import { asCordonError, codeOf, inWords } from './aws/errors.ts';
import { readStop, stopReadPermissions } from './aws/stop-switch.ts';
import type { Case } from './case/case.ts';
import { exactCaseIdFor } from './case/case.ts';
import { defined } from './case/defined.ts';
import { InvalidSettingsError, UnintelligibleEventError } from './case/errors.ts';
import { assembleReport } from './case/report.ts';
import type { Stop } from './case/stop-switch.ts';
import { stoppedWord, whyStopped } from './case/stop-switch.ts';
import type { Message } from './notify/message.ts';
import { messageOf } from './notify/message.ts';
import { rejectionMessage } from './notify/rejection.ts';
import type { UnreadFinding } from './notify/unread.ts';
import { unreadMessage, unreadSentence } from './notify/unread.ts';
import type { ContainmentRequest } from './triggers/containment-request.ts';
import type { Decision } from './triggers/decide.ts';
import { decide, unreadToTell } from './triggers/decide.ts';
import { parseEvent } from './triggers/parse-event.ts';

export const permissions = [
  'states:StartExecution',
  'states:DescribeExecution',
  'sns:Publish',
  'sqs:SendMessage',
  ...stopReadPermissions,
] as const;

export interface IntakeSettings {
  readonly stateMachineArn: string;
  /** Empty by hand: what is rejected is only logged and told. */
  readonly deadLetterQueueUrl: string;
  /** The parameter that stops everything automatic; empty by hand. */
  readonly stopParameter: string;
  /** Unique ids and ARNs of the roles whose calls raise findings; empty by hand. */
  readonly ownRoles: readonly string[];
}

export interface IntakeResult {
  readonly executions: readonly {
    readonly caseId: string;
    readonly instanceId: string;
    readonly executionArn: string;
    readonly outcome: 'started' | 'joined';
  }[];
  readonly skipped: readonly { readonly instanceId?: string; readonly reason: string }[];
  /** One sentence: why the event was not understood. */
  readonly rejected?: string;
}

type IntakeDeps = Deps<'stepFunctions' | 'sns' | 'sqs' | 'ssm'>;

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

/** True when somebody was told; without a topic, by hand, the log is what there is. */
const publish = async (
  { clients, log, settings }: IntakeDeps,
  message: Message,
): Promise<boolean> => {
  if (settings.notificationTopicArn === '') {
    log.warn('no topic is set', { subject: message.Subject });
    return true;
  }
  try {
    await clients.sns.send(
      new PublishCommand({ TopicArn: settings.notificationTopicArn, ...message }),
    );
    return true;
  } catch (error) {
    log.error('the topic refused the message', {
      subject: message.Subject,
      error: inWords(error),
    });
    return false;
  }
};

/** Puts the raw event where the alarm rings and a person can read it. */
const keep = async (
  { clients }: IntakeDeps,
  { deadLetterQueueUrl }: IntakeSettings,
  event: unknown,
  why: string,
): Promise<void> => {
  if (deadLetterQueueUrl === '') return;
  await clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: deadLetterQueueUrl,
      MessageBody: JSON.stringify(event) ?? 'null',
      MessageAttributes: {
        REJECTED: { DataType: 'String', StringValue: why.slice(0, 1_000) },
      },
    }),
  );
};

const reject = async (
  deps: IntakeDeps,
  settings: IntakeSettings,
  event: unknown,
  sentence: string,
): Promise<IntakeResult> => {
  deps.log.error('an event was rejected', { rejected: sentence, event });
  await publish(deps, rejectionMessage(sentence, event));
  await keep(deps, settings, event, sentence);
  return { executions: [], skipped: [], rejected: sentence };
};

/** ARN of an execution, from that of its machine: ExecutionAlreadyExists does not tell it. */
const executionArnOf = (stateMachineArn: string, name: string): string =>
  `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;

/** What an execution put out: the report of a case whose instance is isolated. */
const hasIsolated = (output: string | undefined): boolean => {
  const report: unknown = JSON.parse(output ?? 'null');
  return (
    typeof report === 'object' &&
    report !== null &&
    'status' in report &&
    (report.status === 'contained' || report.status === 'partial')
  );
};

/**
 * Whether the execution of this name is the same case, and runs or has isolated the instance. One
 * that cannot be read is not joined: a second run of a case changes nothing that the first has done,
 * and a finding that joins nothing would leave the instance open.
 */
const isWorthJoining = async (
  { clients, log }: IntakeDeps,
  executionArn: string,
  theCase: Case,
): Promise<boolean> => {
  try {
    const {
      status,
      input = '{}',
      output,
    } = await clients.stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    const about: unknown = JSON.parse(input);
    if (typeof about !== 'object' || about === null) return false;
    const { instanceId, dryRun, isolationProfile } = about as Partial<Case>;
    return (
      (status === 'RUNNING' || (status === 'SUCCEEDED' && hasIsolated(output))) &&
      instanceId === theCase.instanceId &&
      dryRun !== true &&
      isolationProfile === theCase.isolationProfile
    );
  } catch (error) {
    log.warn('the execution of that name could not be read', {
      executionArn,
      error: inWords(error),
    });
    return false;
  }
};

/**
 * Starts the execution of a case, or finds it running: same name and input give the execution that
 * runs, with its own start; anything else of that name gives ExecutionAlreadyExists
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html). One
 * that has failed or has asked, or was started under the name with another input, contains nobody:
 * then the case gets a name to the second.
 */
const start = async (
  deps: IntakeDeps,
  stateMachineArn: string,
  theCase: Case,
  again = false,
): Promise<IntakeResult['executions'][number]> => {
  const { clients, clock } = deps;
  const { caseId, instanceId } = theCase;
  const askedAt = clock.now();
  try {
    const answer = await clients.stepFunctions.send(
      new StartExecutionCommand({
        stateMachineArn,
        name: caseId,
        input: JSON.stringify(theCase),
      }),
    );
    const began = answer.startDate?.getTime() ?? askedAt.getTime();
    // AWS cuts the date to milliseconds, and clocks differ by less than two seconds.
    const joined = began < askedAt.getTime() - 2_000;
    return {
      caseId,
      instanceId,
      executionArn: answer.executionArn ?? executionArnOf(stateMachineArn, caseId),
      outcome: joined ? 'joined' : 'started',
    };
  } catch (error) {
    if (codeOf(error) !== 'ExecutionAlreadyExists') throw error;
    const executionArn = executionArnOf(stateMachineArn, caseId);
    if (again || theCase.dryRun || (await isWorthJoining(deps, executionArn, theCase))) {
      return { caseId, instanceId, executionArn, outcome: 'joined' };
    }
    const anew = { ...theCase, caseId: exactCaseIdFor(instanceId, askedAt) };
    return start(deps, stateMachineArn, anew, true);
  }
};

const tellSkipped = async (
  deps: IntakeDeps,
  settings: IntakeSettings,
  event: unknown,
  { case: theCase, reason }: Extract<Decision, { kind: 'skip' }>,
): Promise<void> => {
  const now = deps.clock.now();
  const report = assembleReport({ case: theCase, steps: [], finished: true, now, skip: reason });
  const told = await publish(deps, messageOf(report));
  if (!told) await keep(deps, settings, event, reason);
};

/** A severe finding whose instance could not be read: told, and kept, as what is not understood. */
const tellUnread = async (
  deps: IntakeDeps,
  settings: IntakeSettings,
  event: unknown,
  finding: UnreadFinding,
): Promise<string> => {
  const sentence = unreadSentence(finding);
  deps.log.error('the instance of a finding could not be read', { rejected: sentence });
  await publish(deps, unreadMessage(finding));
  await keep(deps, settings, event, sentence);
  return sentence;
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
        underCase(theCase.caseId, () => start(deps, stateMachineArn, theCase)),
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
