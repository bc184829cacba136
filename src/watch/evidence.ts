import { inWords } from '../aws/errors.ts';
import { readExecution, readRunningExecution } from '../aws/executions.ts';
import type { FoundCase } from '../find-case.ts';
import { caseTag, statusTag } from '../record/trail/keys.ts';
import { taggedCaseId } from '../record/trail/tagged-case.ts';
import { rememberedCase, witnessOf } from './interfaces.ts';
import type { DriftDeps } from './result.ts';

/** What the trail says once a case is given back, or is being given back. */
const releasedStatuses = ['released', 'releasing', 'release-incomplete', 'closed'];

/** The same of an instance that is open on purpose, or until a person says otherwise. */
const openOnPurpose = [...releasedStatuses, 'asked', 'refused', 'skipped'];

/**
 * Whether the trail shows, under a seal, that this very case was given back. A trail that was sealed while the
 * case was asked about, or in an earlier case, can be put back by whoever may tag.
 */
const isSealedRelease = ({ before: { instance }, seals }: FoundCase, caseId: string): boolean =>
  releasedStatuses.includes(instance.tags[statusTag] ?? '') &&
  instance.tags[caseTag] === caseId &&
  seals[instance.id]?.state === 'sealed';

/** Why the watch may act on an instance, or the reason why it only tells. */
export type Evidence =
  | { readonly kind: 'case' }
  | { readonly kind: 'none'; readonly doubt: string };

const none = (doubt: string): Evidence => ({ kind: 'none', doubt });

/** The ids of cases that the tags claim: the instance's first, then those of its interfaces. */
const claimedCases = (found: FoundCase, named: string | undefined): readonly string[] => [
  ...new Set(
    [named, ...found.before.instance.networkInterfaces.map((one) => rememberedCase(found, one))]
      .filter((id) => id !== undefined)
      .slice(0, 3),
  ),
];

const wasExecuted = async (deps: DriftDeps, found: FoundCase, name: string): Promise<boolean> => {
  try {
    const execution = await readExecution(deps.clients.stepFunctions, deps.stateMachineArn, name);
    return execution?.instanceId === found.case.instanceId && !execution.dryRun;
  } catch (error) {
    deps.log.warn('it could not be read whether the case was executed', {
      caseId: name,
      error: inWords(error),
    });
    return false;
  }
};

/**
 * Whether more than tags says that the instance is contained: the case table, an interface in a group of
 * Cordon's that remembers the case which the instance names, or the execution of a case that the tags claim.
 * Without it the watch would be a means to cut a healthy server off.
 */
export const evidenceOf = async (deps: DriftDeps, found: FoundCase): Promise<Evidence> => {
  const { instance } = found.before;
  const status = instance.tags[statusTag] ?? '';
  const inTable = (await deps.openInTable()).get(instance.id);
  if (inTable !== undefined && !isSealedRelease(found, inTable)) return { kind: 'case' };
  if (openOnPurpose.includes(status)) {
    return none(
      `the tag ${statusTag} says that the case is ${status}, so nothing is isolated again`,
    );
  }
  const named = taggedCaseId(instance, deps.clock.now());
  if (named !== undefined && witnessOf(found, named) !== undefined) return { kind: 'case' };
  if (deps.stateMachineArn !== '') {
    for (const id of claimedCases(found, named)) {
      if (await wasExecuted(deps, found, id)) return { kind: 'case' };
    }
  }
  return none(
    'nothing but tags, or an interface in a group of Cordon, says that this instance was contained, and somebody else may have put them there, so nothing is isolated',
  );
};

/** How long a case may take from its begin to its cut, in milliseconds. */
export const longestCase = 1_200_000;

/** Whether an execution contains the instance now; its tags may be refused or still to come. */
export const isBeingContained = async (deps: DriftDeps, instanceId: string): Promise<boolean> => {
  if (deps.stateMachineArn === '') return false;
  const since = new Date(deps.clock.now().getTime() - longestCase);
  try {
    const { stepFunctions } = deps.clients;
    const running = await readRunningExecution(
      stepFunctions,
      deps.stateMachineArn,
      instanceId,
      since,
    );
    return running !== undefined;
  } catch (error) {
    deps.log.warn('it could not be read whether a case is running', {
      instanceId,
      error: inWords(error),
    });
    return false;
  }
};
