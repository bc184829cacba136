import { readLifecycleState } from '../aws/auto-scaling.ts';
import { note } from '../aws/current-journal.ts';
import { codeOf, inWords } from '../aws/errors.ts';
import { readInterfaceGroups } from '../aws/instance.ts';
import { sendInverse } from '../aws/send-inverse.ts';
import { ReleaseIncompleteError } from '../case/errors.ts';
import { isSameSet } from '../case/same-set.ts';
import type { Inverse } from '../case/undo/inverse.ts';
import type { ReleaseDeps } from './release-deps.ts';

/** Milliseconds before each look at what AWS shows of a change; it may show it late. */
const looks = [0, 1_000, 2_000, 4_000, 8_000] as const;

/** How long a group may take to have the instance in service, in milliseconds. */
const looksAtGroup = [0, ...Array.from({ length: 24 }, () => 5_000)];

/** @throws ReleaseIncompleteError when the interface is not shown in the groups that it was given. */
const readGroupsBack = async (
  { clients, clock }: ReleaseDeps,
  id: string,
  groups: readonly string[],
): Promise<void> => {
  let shown: readonly string[] = [];
  for (const milliseconds of looks) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    shown = (await readInterfaceGroups(clients.ec2, [id])).get(id) ?? [];
    if (isSameSet(shown, groups)) return;
  }
  throw new ReleaseIncompleteError(
    `${id} was given ${groups.join(' ')}, and EC2 shows it in ${shown.join(' ') || 'no group'}.`,
  );
};

/** What follows an attach is refused until the instance is in service. */
const awaitInService = async (
  { clients, clock }: ReleaseDeps,
  instanceId: string,
): Promise<void> => {
  let state = 'no group';
  for (const milliseconds of looksAtGroup) {
    if (milliseconds > 0) await clock.sleep(milliseconds);
    state = (await readLifecycleState(clients.autoScaling, instanceId))?.lifecycleState ?? 'none';
    if (state === 'InService' || state === 'Standby') return;
  }
  throw new ReleaseIncompleteError(`${instanceId} did not come into service: it is ${state}.`);
};

const readBack = async (deps: ReleaseDeps, { call, resource }: Inverse): Promise<void> => {
  if (call.api === 'ec2:ModifyNetworkInterfaceAttribute' && call.input.Groups !== undefined) {
    await readGroupsBack(deps, resource, call.input.Groups);
  }
  if (call.api === 'autoscaling:AttachInstances' || call.api === 'autoscaling:ExitStandby') {
    await awaitInService(deps, call.input.InstanceIds[0] ?? '');
  }
};

/** What was given back, or could not be, in the journal of the case. */
const noteGivenBack = (
  { call, resource, what }: Inverse,
  caseId: string,
  startedAt: Date,
  endedAt: Date,
  error?: unknown,
): void => {
  note(
    {
      kind: 'change',
      at: startedAt.toISOString(),
      until: endedAt.toISOString(),
      ...{ call: call.api, resource, after: what, parameters: call.input },
      outcome: error === undefined ? 'done' : 'failed',
      ...(error === undefined ? {} : { error: { code: codeOf(error), message: inWords(error) } }),
    },
    caseId,
  );
};

/**
 * Sends the inverses one after the other, and reads each back where what follows depends on it. What
 * fails ends the release: the server is not opened further on a half-known state.
 *
 * @throws ReleaseIncompleteError with what was not given back.
 */
export const perform = async (
  deps: ReleaseDeps,
  caseId: string,
  inverses: readonly Inverse[],
  onDone: (inverse: Inverse) => void,
): Promise<void> => {
  for (const [at, inverse] of inverses.entries()) {
    const { resource, what, call } = inverse;
    const startedAt = deps.clock.now();
    try {
      deps.log.info('giving back', { caseId, call: call.api, resource, what });
      await sendInverse(deps, call);
      await readBack(deps, inverse);
      noteGivenBack(inverse, caseId, startedAt, deps.clock.now());
    } catch (error) {
      noteGivenBack(inverse, caseId, startedAt, deps.clock.now(), error);
      const after = inverses.length - at - 1;
      throw new ReleaseIncompleteError(
        `${resource} was not given back (${what}): ${inWords(error)}${after > 0 ? ` Nor was what comes after it: ${after} more.` : ''} Mend that, and run the release again.`,
        { cause: error },
      );
    }
    onDone(inverse);
  }
};
