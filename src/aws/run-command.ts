import type { GetCommandInvocationCommandOutput, SSMClient } from '@aws-sdk/client-ssm';
import { GetCommandInvocationCommand, SendCommandCommand } from '@aws-sdk/client-ssm';
import { defined } from '../case/defined.ts';
import { AwsUnavailableError } from '../case/errors.ts';
import type { Clock } from './clock.ts';
import { codeOf, inWords, isUnavailable } from './errors.ts';
import type { Log } from './log.ts';

/** Run Command of Systems Manager: a document sent to one instance, and what became of it there. */

export interface DocumentOrder {
  readonly documentName: string;
  /** SHA-256 of the version that is meant: Systems Manager refuses another one. */
  readonly documentHash?: string;
  readonly instanceId: string;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  /** At most 100 characters; more are cut off. */
  readonly comment: string;
  /** For how long an agent that does not answer may take it up, 30 at least. */
  readonly deliverySeconds: number;
  /** The parameter `executionTimeout` of the document, which only some have. */
  readonly executionSeconds?: number;
}

/** What became of a command on one instance; its words are the host's own. */
export interface Invocation {
  /** `Pending`, `InProgress`, `Success`, `Failed`, `TimedOut`, … as Systems Manager names it. */
  readonly status: string;
  readonly statusDetails: string;
  /** -1 as long as there is none. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Sends a document to one instance. Sent twice it runs twice, and a call without an answer may have been
 * taken: what the document does must bear that.
 *
 * @returns the id of the command.
 * @throws AwsUnavailableError when the answer has no id.
 */
export const sendDocument = async (ssm: SSMClient, order: DocumentOrder): Promise<string> => {
  const { executionSeconds, documentHash } = order;
  const { Command } = await ssm.send(
    new SendCommandCommand({
      DocumentName: order.documentName,
      ...(documentHash === undefined
        ? {}
        : { DocumentHash: documentHash, DocumentHashType: 'Sha256' as const }),
      InstanceIds: [order.instanceId],
      Parameters: {
        ...Object.fromEntries(
          Object.entries(order.parameters).map(([name, values]) => [name, [...values]]),
        ),
        ...(executionSeconds === undefined ? {} : { executionTimeout: [`${executionSeconds}`] }),
      },
      Comment: order.comment.slice(0, 100),
      // https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_SendCommand.html
      TimeoutSeconds: Math.max(30, Math.ceil(order.deliverySeconds)),
    }),
  );
  if (Command?.CommandId === undefined) {
    throw new AwsUnavailableError('Systems Manager took a command and did not say its id.');
  }
  return Command.CommandId;
};

const going: ReadonlySet<string> = new Set(['Pending', 'InProgress', 'Delayed', 'Cancelling']);

const notYet: Invocation = {
  status: 'Pending',
  statusDetails: 'Pending',
  exitCode: -1,
  stdout: '',
  stderr: '',
};

const invocationIn = (output: GetCommandInvocationCommandOutput): Invocation => ({
  status: output.Status ?? notYet.status,
  statusDetails: output.StatusDetails ?? output.Status ?? notYet.statusDetails,
  exitCode: output.ResponseCode ?? notYet.exitCode,
  stdout: output.StandardOutputContent ?? '',
  stderr: output.StandardErrorContent ?? '',
});

/** Milliseconds between two looks: often at first, because most commands end at once. */
const pauses = [250, 500, 1_000, 2_000] as const;

export interface FollowedCommand {
  readonly commandId: string;
  readonly instanceId: string;
  /** How long it is followed, in milliseconds. */
  readonly patienceMilliseconds: number;
  /** The step whose output is wanted; a document of several steps has no other. */
  readonly step?: string;
}

/**
 * Follows a command on an instance until it has ended. Right after it was sent Systems Manager may not
 * know it yet, and an answer that does not come is asked for again.
 *
 * @returns how it ended, or how it stood when the patience was over.
 * @throws what AWS answers that repeating does not help.
 */
export const followCommand = async (
  { ssm, clock, log }: { readonly ssm: SSMClient; readonly clock: Clock; readonly log: Log },
  { commandId, instanceId, patienceMilliseconds, step }: FollowedCommand,
): Promise<Invocation> => {
  const until = clock.now().getTime() + patienceMilliseconds;
  let last = notYet;
  const look = async (PluginName?: string): Promise<boolean> => {
    try {
      const asked = { CommandId: commandId, InstanceId: instanceId, ...defined({ PluginName }) };
      last = invocationIn(await ssm.send(new GetCommandInvocationCommand(asked)));
      return !going.has(last.status);
    } catch (error) {
      if (codeOf(error) !== 'InvocationDoesNotExist' && !isUnavailable(error)) throw error;
      log.info('a command cannot be read yet', { commandId, instanceId, error: inWords(error) });
      return false;
    }
  };
  const lookUntilOver = async (PluginName?: string): Promise<boolean> => {
    for (let looks = 0; ; looks += 1) {
      if (await look(PluginName)) return true;
      const pause = pauses[Math.min(looks, pauses.length - 1)] ?? 0;
      if (clock.now().getTime() + pause > until) return false;
      await clock.sleep(pause);
    }
  };
  // The whole first: a step that was never begun may stay pending for ever.
  const ended = await lookUntilOver();
  const whole = last;
  if (!ended || step === undefined || whole.statusDetails === 'DeliveryTimedOut') return whole;
  return (await lookUntilOver(step)) ? last : whole;
};
