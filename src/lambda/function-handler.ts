import type { Clients } from '../aws/clients.ts';
import { systemClock } from '../aws/clock.ts';
import { underCase } from '../aws/current-case.ts';
import type { Note } from '../aws/current-journal.ts';
import { journaling } from '../aws/current-journal.ts';
import { asCordonError, codeOf, inWords } from '../aws/errors.ts';
import { ownRegion } from '../aws/region.ts';
import { fitEntry } from '../case/entry-size.ts';
import type { StepEntry } from '../case/step.ts';
import type { StepFunction } from '../functions/step-function.ts';
import { runStep } from '../run/run-step.ts';
import { readSettings } from '../settings/settings.ts';
import type { LambdaContext } from './function-writer.ts';
import { makeLogger } from './logger.ts';
import { noteStep } from './note-step.ts';
import { ownCodeSha256 } from './own-code.ts';
import { isWarmUp } from './warm-up.ts';
import { withoutStack } from './without-stack.ts';

/** As much of a case as an event has of it. */
interface AboutCase {
  readonly caseId?: unknown;
  readonly dryRun?: unknown;
}

/** The case that an event is about, from the state machine or from a report; nothing by hand. */
const caseIn = (event: unknown): AboutCase => {
  if (typeof event !== 'object' || event === null) return {};
  const holder = 'case' in event ? event.case : 'input' in event ? event.input : event;
  return typeof holder === 'object' && holder !== null ? holder : {};
};

/**
 * A Lambda function that runs one step and returns its entry, also where the step has failed for
 * good. A warm-up ends at once. Clients are made once per container; settings are read per invocation.
 *
 * @throws what `runStep` throws, for the state machine to repeat.
 */
export const functionHandler = <Names extends keyof Clients>({
  step,
  clients,
  run,
}: StepFunction<Names>): ((
  event: unknown,
  context?: LambdaContext,
) => Promise<StepEntry | Record<string, never>>) => {
  const log = makeLogger({ step });
  const made = clients(log);
  // Hashed while the container starts, and not while the cut waits.
  void ownCodeSha256();
  return async (event, context) => {
    if (isWarmUp(event)) return {};
    const notes: Note[] = [];
    const noted = { notes, event };
    const startedAt = systemClock.now().toISOString();
    const { caseId, dryRun } = caseIn(event);
    try {
      log.about?.({ caseId: typeof caseId === 'string' ? caseId : 'none' });
      const { settings, warnings } = readSettings(process.env);
      for (const warning of warnings)
        log.warn('a setting was replaced by its default', { warning });
      const deps = { clients: made, clock: systemClock, log, settings, region: ownRegion() };
      const runs = () => runStep(deps, step, () => run(deps, event));
      // A dry run opens no case, and has no record.
      const work = dryRun === true ? runs : () => journaling(notes, runs);
      const entry = await (typeof caseId === 'string' ? underCase(caseId, work) : work());
      const fitted = fitEntry(entry);
      if (fitted !== entry) log.info('the whole result of the step', { entry });
      return (await noteStep(log, step, fitted, noted, context)) ?? fitted;
    } catch (error) {
      // Nobody else knows when this try was: the state machine sees the last of them alone.
      if (typeof caseId === 'string' && dryRun !== true) {
        const failed = { code: codeOf(error), message: inWords(error) };
        const until = systemClock.now().toISOString();
        const entry = { kind: 'step', at: startedAt, until, step, outcome: 'failed' } as const;
        notes.push({ of: { caseId }, entry: { ...entry, error: failed } });
      }
      await noteStep(log, step, undefined, noted, context);
      throw withoutStack(asCordonError(error, step), log);
    }
  };
};
