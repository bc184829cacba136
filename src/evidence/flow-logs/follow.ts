import type { EvidenceDeps, Progress } from '../collector.ts';
import { isCut } from '../is-cut.ts';
import type { EvidenceInput } from '../kind.ts';
import type { Measurement } from './measured-cut.ts';
import { measureCut, measurementText, tellNewPeers } from './measured-cut.ts';
import { measuredWords } from './peer-words.ts';
import { noteFlowLogs, readStanding } from './standing.ts';
import type { Waiting } from './waiting.ts';
import {
  enoughSeconds,
  firstLook,
  longestForCut,
  longestLooking,
  readWaiting,
  untilCut,
  untilNextLook,
} from './waiting.ts';

const secondsFrom = (earlier: string, now: Date): number =>
  (now.getTime() - Date.parse(earlier)) / 1_000;

const refusedWords = ({ refused }: Waiting): string =>
  refused.length === 0 ? '' : ` Not logged: ${refused.join('; ')}.`;

/** Until the interfaces are isolated there is nothing to measure. */
const waitForCut = (waiting: Waiting, now: Date): Progress =>
  secondsFrom(waiting.since, now) >= longestForCut
    ? {
        outcome: 'failed',
        sentence: `The traffic is logged, but the instance was not isolated for a quarter of an hour: no cut was measured.${refusedWords(waiting)}`,
      }
    : {
        outcome: 'waiting',
        sentence: 'The traffic is logged; the cut is not made yet.',
        waitSeconds: untilCut,
        state: waiting,
      };

/** Keeps the measurement, and says what it came to. */
const conclude = async (
  deps: EvidenceDeps,
  input: EvidenceInput,
  measurement: Measurement,
  waiting: Waiting,
  { cutSeenAt, stillCutAt }: { readonly cutSeenAt: string; readonly stillCutAt: string },
): Promise<Progress> => {
  const { store, clock } = deps;
  // A flow log that EC2 did not show yet when it was made.
  const { logs } = await readStanding(deps, input);
  await noteFlowLogs(deps, input, logs, 'ec2:CreateFlowLogs');
  const measuredAt = clock.now().toISOString();
  const text = measurementText(input, measurement, { cutSeenAt, stillCutAt, measuredAt });
  const piece = {
    collector: 'flow-logs',
    name: 'measured-cut.json',
    what: 'What the flow logs say of the cut',
    how: `${measurement.delivered.keys.length} files of VPC flow logs, records that begin after the cut`,
  };
  await store.keep(piece, Buffer.from(text), 'application/json');
  const { unreadable, leftOut } = measurement.delivered;
  const doubts = [
    ...(unreadable === 0 ? [] : [`${unreadable} lines could not be read`]),
    ...(leftOut === 0 ? [] : [`${leftOut} files were left out, because there are too many`]),
  ];
  return {
    outcome: 'done',
    sentence: `${measuredWords(measurement.measured)}${doubts.length === 0 ? '' : ` Beware: ${doubts.join(', ')}.`}${refusedWords(waiting)}`,
  };
};

const isEnough = ({ measured }: Measurement): boolean =>
  measured.length > 0 &&
  measured.every(
    ({ verdict, observedSeconds }) => verdict === 'no-flow' && observedSeconds >= enoughSeconds,
  );

/** The cut is made: ten minutes after it was seen, the records are read, until enough is known. */
const look = async (
  deps: EvidenceDeps,
  input: EvidenceInput,
  waiting: Waiting,
  cutSeenAt: string,
): Promise<Progress> => {
  const now = deps.clock.now();
  const after = secondsFrom(cutSeenAt, now);
  const cut = await isCut(deps, input);
  const stillCutAt = cut ? now.toISOString() : (waiting.stillCutAt ?? cutSeenAt);
  const state: Waiting = { ...waiting, cutSeenAt, stillCutAt };
  if (cut && after < firstLook) {
    return {
      outcome: 'waiting',
      sentence: 'The traffic is logged; AWS delivers the records ten minutes later.',
      waitSeconds: Math.ceil(firstLook - after),
      state,
    };
  }
  const measurement = await measureCut(deps, input, cutSeenAt, stillCutAt);
  await tellNewPeers(deps, input, measurement.measured);
  // What goes through a host that was given back, or opened, says nothing of the cut.
  if (!cut || after >= firstLook + longestLooking || isEnough(measurement)) {
    return conclude(deps, input, measurement, state, { cutSeenAt, stillCutAt });
  }
  return {
    outcome: 'waiting',
    sentence: measuredWords(measurement.measured),
    waitSeconds: untilNextLook,
    state,
  };
};

/** Looks whether the cut is made, and what went through after it. */
export const followCut = async (
  deps: EvidenceDeps,
  input: EvidenceInput,
  state: unknown,
): Promise<Progress> => {
  const waiting = readWaiting(state);
  if (waiting.cutSeenAt !== undefined) return look(deps, input, waiting, waiting.cutSeenAt);
  const now = deps.clock.now();
  if (!(await isCut(deps, input))) return waitForCut(waiting, now);
  return look(deps, input, waiting, now.toISOString());
};
