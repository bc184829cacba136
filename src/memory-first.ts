import type { SFNClient } from '@aws-sdk/client-sfn';
import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { Deps } from './aws/clients.ts';
import { codeOf, inWords } from './aws/errors.ts';
import { executionArnOf } from './aws/executions.ts';
import type { Before } from './case/before.ts';
import type { Case } from './case/case.ts';
import { InvalidSettingsError } from './case/errors.ts';

/** A person's choice to save memory while the instance can still reach everybody. */
export interface MemoryFirst {
  readonly stepFunctions: SFNClient;
  /** The machine that collects evidence. */
  readonly stateMachineArn: string;
  /** The longest that the cut waits, in minutes, as the stack allows it. */
  readonly minutes: number;
  /** Reads the instance as it is. */
  readonly read: (theCase: Case) => Promise<Before>;
  /** Who chose. */
  readonly by: string;
  /** Tells the person how it goes. */
  readonly tell: (line: string) => void;
  /** The person has had enough of waiting: the cut comes at once. */
  readonly stop?: AbortSignal;
}

type MemoryFirstDeps = Pick<Deps, 'clock' | 'log'>;

/** How often it is looked whether the collection has ended, in milliseconds. */
const between = 5_000;

/**
 * How long a stack lets memory go before the cut, from its output; a number of minutes.
 *
 * @throws InvalidSettingsError where it does not, or collects no memory at all.
 */
export const minutesAllowed = (outputs: Readonly<Record<string, string>>): number => {
  const minutes = Number(outputs.MemoryFirstMinutes ?? '0');
  if (minutes > 0 && outputs.CollectsMemory === 'true') return minutes;
  throw new InvalidSettingsError(
    'The stack lets nobody put memory before the cut: set ToolkitSnapshotId and MemoryFirstMinutes, or contain without --memory-first. Nothing was begun.',
  );
};

const start = async (
  theCase: Case,
  { stepFunctions, stateMachineArn, by, minutes, read }: MemoryFirst,
): Promise<string> => {
  const before = await read(theCase);
  const name = `${theCase.caseId}-first`;
  const input = { case: { ...theCase, memoryFirst: { by, minutes } }, before };
  try {
    await stepFunctions.send(
      new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
    );
  } catch (error) {
    if (codeOf(error) !== 'ExecutionAlreadyExists') throw error;
  }
  return executionArnOf(stateMachineArn, name);
};

/** Whether it has ended in time; an answer that cannot be had is asked for again. */
const follow = async (
  { clock, log }: MemoryFirstDeps,
  { stepFunctions, minutes, stop }: MemoryFirst,
  executionArn: string,
): Promise<boolean> => {
  const until = clock.now().getTime() + minutes * 60_000;
  while (clock.now().getTime() < until && stop?.aborted !== true) {
    try {
      const describing = new DescribeExecutionCommand({ executionArn });
      if ((await stepFunctions.send(describing)).status !== 'RUNNING') return true;
    } catch (error) {
      log.warn('the collection of memory could not be looked at', { error: inWords(error) });
    }
    await clock.sleep(between, stop);
  }
  return false;
};

const wordsOf = ({ by, minutes }: MemoryFirst): string =>
  `memory before the cut, for at most ${minutes} minutes, chosen by ${by}`;

/**
 * Saves memory before the cut because a person has chosen so. Never throws: whatever becomes of it, the cut
 * follows, and the trail says who let the instance stay open for it.
 */
export const saveMemoryFirst = async (
  deps: MemoryFirstDeps,
  theCase: Case,
  choice: MemoryFirst,
): Promise<Case> => {
  const { reason } = theCase.trigger;
  const words = wordsOf(choice);
  const chosen: Case = {
    ...theCase,
    trigger: { ...theCase.trigger, reason: reason === undefined ? words : `${reason}; ${words}` },
  };
  if (theCase.dryRun) return chosen;
  try {
    choice.tell(`MEMORY FIRST: the host stays open for at most ${choice.minutes} minutes.`);
    const executionArn = await start(chosen, choice);
    const ended = await follow(deps, choice, executionArn);
    choice.tell(
      ended
        ? 'The collection of memory has ended; the cut follows.'
        : 'The collection of memory has not ended in time; the cut follows now.',
    );
  } catch (error) {
    deps.log.error('memory was not saved before the cut', { error: inWords(error) });
    choice.tell(`Memory was not saved before the cut, which follows now: ${inWords(error)}`);
  }
  return chosen;
};
