import { oneLine } from '../src/case/one-line.ts';
import type { StepEntry, StepName } from '../src/case/step.ts';
import type { Watcher } from '../src/run/conduct.ts';
import { tell } from './output.ts';

const nobody: Watcher = { began: () => {}, ended: () => {} };

/** The steps that run, in one line that is written over; a terminal's own width cuts it. */
const drawn = (running: ReadonlySet<StepName>, columns: number): string =>
  `\r\u001b[K${[...running].join(', ').slice(0, Math.max(0, columns - 1))}`;

const lineOf = ({ step, outcome, error }: StepEntry): string =>
  error === undefined
    ? `${step}: ${outcome}`
    : `${step}: FAILED: ${oneLine(error.message).slice(0, 300)}`;

/** A describe that failed ends the run: the verdict, which follows at once, says why. */
const isVerdict = ({ step, outcome }: StepEntry): boolean =>
  step === 'describe' && outcome === 'failed';

/** On a terminal: what runs, in place; what failed, for good. */
const onTerminal = (stream: Pick<NodeJS.WriteStream, 'columns' | 'write'>): Watcher => {
  const running = new Set<StepName>();
  const draw = () => stream.write(drawn(running, stream.columns));
  return {
    began: (step) => {
      running.add(step);
      draw();
    },
    ended: (entry) => {
      running.delete(entry.step);
      if (entry.outcome === 'failed' && !isVerdict(entry)) {
        stream.write(`\r\u001b[K${lineOf(entry)}\n`);
      }
      draw();
    },
  };
};

/** Elsewhere: one dated line per step; none once the verdict is all there is to say. */
const inLines = (): Watcher => {
  let over = false;
  return {
    began: () => {},
    ended: (entry) => {
      over ||= isVerdict(entry);
      if (!over) tell(`${entry.finishedAt} ${lineOf(entry)}`);
    },
  };
};

/**
 * Shows the steps of a run where they disturb no result: on standard error.
 *
 * @param stream where they are drawn if it is a terminal.
 */
export const progress = (
  quiet: boolean,
  stream: Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'write'> = process.stderr,
): Watcher => {
  if (quiet) return nobody;
  return stream.isTTY ? onTerminal(stream) : inLines();
};
