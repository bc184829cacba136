import { inWords } from '../aws/errors.ts';
import type { CheckReaders } from '../aws/readers/batch-reader.ts';
import { readTogether } from '../aws/readers/batch-reader.ts';
import { sweep } from '../aws/sweep.ts';
import { InstanceNotFoundError, NotificationRefusedError } from '../case/errors.ts';
import { checkInstance } from './check-instance.ts';
import type { RecordedCall } from './event.ts';
import { isolating } from './look.ts';
import { recordCaseOf, tellAndRecord } from './record-case.ts';
import type { CheckedInstance, DriftDeps, DriftResult } from './result.ts';

/**
 * Cases at once. Those that hold cost next to nothing of their own; one that is isolated again takes
 * the time of its transition, up to a minute, so that a hundred of them fit into the 900 seconds of
 * the function, and ten at once are within the rate at which EC2 lets groups be changed.
 */
const width = 10;

/** Tells that an instance could not be checked, and returns how the telling failed, if it did. */
const tellUnread = async (deps: DriftDeps, instanceId: string, words: string): Promise<unknown> => {
  const what = `it could not be read whether the containment holds: ${words}`;
  const at = deps.clock.now().toISOString();
  const { region } = deps;
  try {
    const news = { kind: 'open-again', instanceId, region, at, what, proof: [] } as const;
    await tellAndRecord(deps, await recordCaseOf(deps, instanceId), news);
    return undefined;
  } catch (refusal) {
    return refusal;
  }
};

interface Outcome {
  readonly checked: CheckedInstance;
  /** What the topic refused, or whatever else kept people from being told. */
  readonly refusal?: unknown;
}

const checkOne = async (
  deps: DriftDeps,
  readers: CheckReaders,
  instanceId: string,
  call: RecordedCall | undefined,
): Promise<Outcome> => {
  try {
    return { checked: await checkInstance(deps, readers, instanceId, call) };
  } catch (error) {
    const words = inWords(error);
    deps.log.error('a contained instance could not be checked', { instanceId, error: words });
    // What cannot be read does not hold.
    const checked = { instanceId, drifted: isolating, reisolated: [], told: [], error: words };
    if (error instanceof NotificationRefusedError) return { checked, refusal: error };
    // EC2 tells of instances that are gone by a change of their state.
    if (error instanceof InstanceNotFoundError) return { checked };
    return { checked, refusal: await tellUnread(deps, instanceId, words) };
  }
};

/**
 * Reads the instances together, then checks each of them. One that cannot be checked does not keep
 * the others, and is told.
 *
 * @throws NotificationRefusedError after all were checked, when SNS did not take news of one.
 */
export const checkEach = async (
  deps: DriftDeps,
  instanceIds: readonly string[],
  call?: RecordedCall,
): Promise<DriftResult> => {
  if (instanceIds.length === 0) return { checked: [] };
  const readers = await readTogether(deps, instanceIds);
  const outcomes = new Map<string, Outcome>();
  await sweep(
    instanceIds,
    async (id) => {
      outcomes.set(id, await checkOne(deps, readers, id, call));
    },
    width,
  );
  const inOrder = instanceIds.flatMap((id) => outcomes.get(id) ?? []);
  const refused = inOrder.find(({ refusal }) => refusal !== undefined);
  if (refused !== undefined) throw refused.refusal;
  return { checked: inOrder.map(({ checked }) => checked) };
};
