import { underCase } from '../aws/current-case.ts';
import { note } from '../aws/current-journal.ts';
import { inWords } from '../aws/errors.ts';
import { ReleaseIncompleteError } from '../case/errors.ts';
import { oneLine } from '../case/one-line.ts';
import type { Inverse } from '../case/undo/inverse.ts';
import { inverseLine } from '../case/undo/inverse.ts';
import type { Releaser } from './close-trail.ts';
import { closeAsItStands, closeTrail, notePartial, writeStatus } from './close-trail.ts';
import type { Releasable } from './find-released.ts';
import { findReleasable } from './find-released.ts';
import { isGone } from './is-gone.ts';
import { perform } from './perform.ts';
import type { ReleaseDeps } from './release-deps.ts';
import type { ReleasePlan, ReleaseWishes } from './release-plan.ts';
import { planRelease } from './release-plan.ts';
import type { ReleaseResult, ReleaseStatus } from './release-result.ts';
import { tellOfRelease } from './tell-of-release.ts';

export interface ReleaseRequest extends ReleaseWishes {
  readonly by: Releaser;
}

const notAsBefore = (plan: ReleasePlan, { unread }: Releasable): readonly string[] => [
  ...plan.impossible,
  ...plan.waiting.map((one) => `${inverseLine(one)}: waits until no interface is isolated`),
  ...unread,
  ...plan.left.map((one) => `${inverseLine(one)}: left as it is`),
];

/** @throws ReleaseIncompleteError with what was asked for and could not even be sent. */
const requireAll = ({ impossible, waiting }: ReleasePlan): void => {
  const open = [
    ...impossible,
    ...(waiting.length > 0
      ? [`${waiting.length} changes wait until no interface is isolated`]
      : []),
  ];
  if (open.length > 0) throw new ReleaseIncompleteError(`${open.join('; ')}.`);
};

/** The groups that a person names instead of those of the time before. */
export const namedGroups = ({ groups }: ReleaseWishes): readonly string[] =>
  Object.values(groups ?? {}).flat();

/** What is otherwise than before though it was given back; AWS may show a change late. */
const stillRemaining = async (
  deps: ReleaseDeps,
  { found }: Releasable,
  plan: ReleasePlan,
  request: ReleaseRequest,
): Promise<readonly Inverse[]> => {
  const asked = new Set(plan.inverses.map(({ command }) => command));
  let remaining: readonly Inverse[] = [];
  for (const milliseconds of [0, 2_000, 4_000]) {
    if (milliseconds > 0) await deps.clock.sleep(milliseconds);
    const { instanceId, region } = found.case;
    const again = await findReleasable(deps, { instanceId }, region, namedGroups(request));
    const { inverses } = planRelease(again.knowledge, again.existing, request);
    // What a host has done, it has said itself; nothing in AWS shows it.
    remaining = inverses.filter(
      ({ command, call }) => asked.has(command) && call.api !== 'ssm:SendCommand',
    );
    if (remaining.length === 0) break;
  }
  return remaining;
};

const resultOf = (
  releasable: Releasable,
  plan: ReleasePlan,
  status: ReleaseStatus,
  reason: string,
  done: readonly Inverse[],
  remaining: readonly Inverse[],
): ReleaseResult => ({
  status,
  caseId: releasable.found.case.caseId,
  instanceId: releasable.found.case.instanceId,
  reason,
  done,
  remaining,
  notAsBefore: notAsBefore(plan, releasable),
});

/** What a release would do; nothing is changed. */
export const rehearseRelease = (
  releasable: Releasable,
  plan: ReleasePlan,
  { close }: Pick<ReleaseWishes, 'close'>,
): ReleaseResult =>
  close === true
    ? resultOf(releasable, plan, 'planned', 'The case would be closed as it stands.', [], [])
    : resultOf(releasable, plan, 'planned', 'Nothing was changed.', [], plan.inverses);

const inWordsOf = ({ who, reason }: Releaser): string =>
  `By ${oneLine(who)}${reason === undefined ? '' : oneLine(`: ${reason}`)}.`;

/** Ends a case without giving anything back: the instance is gone, or a person says so. */
const closeCase = async (
  deps: ReleaseDeps,
  releasable: Releasable,
  plan: ReleasePlan,
  by: Releaser,
): Promise<ReleaseResult> => {
  if (isGone(releasable)) {
    await closeTrail(deps, releasable, by, 'closed');
    return resultOf(releasable, plan, 'closed', `The instance is gone. ${inWordsOf(by)}`, [], []);
  }
  await closeAsItStands(deps, releasable, by);
  return resultOf(releasable, plan, 'closed', inWordsOf(by), [], plan.inverses);
};

const giveBack = async (
  deps: ReleaseDeps,
  releasable: Releasable,
  plan: ReleasePlan,
  request: ReleaseRequest,
  onDone: (inverse: Inverse) => void,
): Promise<ReleaseResult> => {
  const { case: theCase } = releasable.found;
  const done: Inverse[] = [];
  const ends = (status: ReleaseStatus, reason: string, remaining: readonly Inverse[]) =>
    resultOf(releasable, plan, status, reason, done, remaining);
  // A part of a release leaves the case open, with the status that it has.
  const whole = request.only === undefined;
  let unseen: readonly Inverse[] = [];
  const by = inWordsOf(request.by);
  try {
    if (whole && (request.close === true || isGone(releasable))) {
      const closed = await closeCase(deps, releasable, plan, request.by);
      await tellOfRelease(deps, releasable, closed);
      return closed;
    }
    if (whole) await writeStatus(deps, releasable.found, 'releasing');
    await perform(deps, theCase.caseId, plan.inverses, (inverse) => {
      done.push(inverse);
      onDone(inverse);
    });
    unseen = await stillRemaining(deps, releasable, plan, request);
    if (unseen.length > 0) {
      throw new ReleaseIncompleteError(
        `AWS accepted it, and does not show it: ${unseen.map(inverseLine).join('; ')}.`,
      );
    }
    requireAll(plan);
    if (request.only !== undefined) {
      await notePartial(deps, releasable, request.only, request.by);
      return ends('contained', 'What was asked for is given back; the case is open.', []);
    }
    await closeTrail(deps, releasable, request.by, 'released');
  } catch (error) {
    deps.log.error('the release is not complete', { error: inWords(error) });
    const { instanceId } = theCase;
    if (whole) {
      await writeStatus(deps, releasable.found, 'release-incomplete').catch((again: unknown) => {
        deps.log.error('its status could not be written', { instanceId, error: inWords(again) });
      });
    }
    const sent = new Set(done);
    const remaining = [...plan.inverses.filter((one) => !sent.has(one)), ...unseen];
    const result = ends('release-incomplete', inWords(error), remaining);
    await tellOfRelease(deps, releasable, result);
    return result;
  }
  const result = ends('released', by, []);
  await tellOfRelease(deps, releasable, result);
  return result;
};

/**
 * Gives a contained instance back: what is remembered of the time before, against what is now, in
 * order, each change read back, and the case closed. What fails ends it; it can be run again, and
 * does then what is left.
 */
export const release = (
  deps: ReleaseDeps,
  releasable: Releasable,
  plan: ReleasePlan,
  request: ReleaseRequest,
  onDone: (inverse: Inverse) => void = () => {},
): Promise<ReleaseResult> =>
  underCase(releasable.found.case.caseId, async () => {
    const result = await giveBack(deps, releasable, plan, request, onDone);
    const { status, reason, notAsBefore: differences } = result;
    note({
      kind: 'status',
      at: deps.clock.now().toISOString(),
      outcome: status,
      sentence: reason,
      detail: { by: request.by, only: request.only, notAsBefore: differences },
    });
    return result;
  });
