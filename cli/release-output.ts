import type { Deps } from '../src/aws/clients.ts';
import { inWords } from '../src/aws/errors.ts';
import { oneLine } from '../src/case/one-line.ts';
import type { Inverse } from '../src/case/undo/inverse.ts';
import { inverseLine } from '../src/case/undo/inverse.ts';
import { cleanGroups } from '../src/release/clean-groups.ts';
import type { Releasable } from '../src/release/find-released.ts';
import type { ReleasePlan } from '../src/release/release-plan.ts';
import type { ReleaseResult } from '../src/release/release-result.ts';
import { releaseText, releaseVerdict } from '../src/release/release-text.ts';
import type { CommonOptions } from './common-options.ts';
import { print, say, tell } from './output.ts';

/** Prints what a release came to. */
export const show = (result: ReleaseResult, { json, quiet }: CommonOptions): void => {
  if (json === true) {
    const plain = ({ phase, resource, what, command }: Inverse) => ({
      phase,
      resource,
      what,
      command,
    });
    const { done, remaining, ...rest } = result;
    print(
      JSON.stringify({ ...rest, done: done.map(plain), remaining: remaining.map(plain) }, null, 2),
    );
    return;
  }
  say(quiet === true ? releaseVerdict(result) : releaseText(result));
};

/** The plan, one line for each change. */
export const planLines = (plan: ReleasePlan): readonly string[] => [
  ...plan.inverses.map((one) => `  ${one.phase.padEnd(14)} ${inverseLine(one)}`),
  ...plan.waiting.map((one) => `  waits          ${inverseLine(one)}`),
  ...plan.left.map((one) => `  left as it is  ${inverseLine(one)}`),
  ...plan.impossible.map((what) => `  impossible     ${what}`),
];

/** Deletes the groups that nothing uses any more; what cannot be deleted is said, and changes no verdict. */
export const sayWhatIsCleaned = async (
  deps: Deps<'ec2'>,
  { found }: Releasable,
  { status }: ReleaseResult,
  ready: boolean,
): Promise<void> => {
  if (status !== 'released') {
    tell('No group was deleted: the instance was not given back.');
    return;
  }
  const { case: theCase, before } = found;
  try {
    const { deleted, kept } = await cleanGroups(deps, before.instance, theCase.caseId, ready);
    for (const one of deleted) tell(`deleted: ${oneLine(one)}`);
    for (const one of kept) tell(`kept: ${oneLine(one)}`);
  } catch (error) {
    tell(`No group was deleted: ${oneLine(inWords(error))}`);
  }
};
