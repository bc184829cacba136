import { underCase } from '../../aws/current-case.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import type { Log } from '../../aws/log.ts';
import { caseInstanceOf } from '../../case/case.ts';
import type { EvidenceCase } from '../evidence-store/keys.ts';
import type { AppendDeps } from './append.ts';
import { appendToRecord } from './append.ts';
import { casesWaiting, readWaiting } from './waiting-item.ts';

/** Where the cases of a stack are: a stack contains instances of its own account and Region. */
export type Place = Pick<EvidenceCase, 'accountId' | 'region'>;

/** How long one case may keep the others waiting, in milliseconds. */
const patience = 4_000;

/** Where more waits than one object takes, so many are appended; the rest waits for the next time. */
const objectsAtOnce = 10;

/** What became of the record of one case. */
export interface Emptied {
  readonly caseId: string;
  readonly head?: string;
  readonly error?: string;
}

/**
 * Appends what waits in the outbox to the record of a case.
 *
 * @throws RecordBlockedError where something lies in its way.
 */
export const emptyOutboxOf = async (
  deps: AppendDeps,
  place: Place,
  caseId: string,
): Promise<Emptied> => {
  const instanceId = caseInstanceOf(caseId);
  if (instanceId === undefined) return { caseId, error: 'This is the id of no case.' };
  const head = await underCase(caseId, async () => {
    const append = () =>
      appendToRecord(deps, { case: { ...place, caseId, instanceId }, carried: [] });
    let last = await append();
    for (let left = objectsAtOnce - 1; left > 0; left -= 1) {
      if ((await readWaiting(deps.table, caseId)).length === 0) break;
      last = await append();
    }
    return last;
  });
  return { caseId, ...(head === undefined ? {} : { head: head.sha256 }) };
};

/** The same for every case of which something waits. One that fails does not keep the others. */
export const emptyOutbox = async (
  deps: AppendDeps & { readonly log: Log },
  place: Place,
): Promise<readonly Emptied[]> => {
  const emptied: Emptied[] = [];
  for (const caseId of await casesWaiting(deps.table)) {
    try {
      emptied.push(
        await giveUpAfter(deps.clock, patience, () => emptyOutboxOf(deps, place, caseId)),
      );
    } catch (error) {
      deps.log.error('the record was not gone on with', { caseId, error: inWords(error) });
      emptied.push({ caseId, error: inWords(error) });
    }
  }
  return emptied;
};
