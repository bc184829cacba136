import { inWords } from '../aws/errors.ts';
import { printed } from '../case/undo/inverse.ts';
import { notify } from '../steps/notify.ts';
import type { Releasable } from './find-released.ts';
import type { ReleaseDeps } from './release-deps.ts';
import type { ReleaseResult, ReleaseStatus } from './release-result.ts';
import { releaseSentence } from './release-sentence.ts';

const told = (status: ReleaseStatus): 'released' | 'closed' | 'release-incomplete' =>
  status === 'released' || status === 'closed' ? status : 'release-incomplete';

/** Tells people and programs what a release came to. Never throws: the result stands in the log. */
export const tellOfRelease = async (
  deps: ReleaseDeps,
  { report }: Releasable,
  result: ReleaseResult,
): Promise<void> => {
  // It is told as what it is now: when it was isolated is no news any more.
  const {
    isolatedAt: _isolatedAt,
    secondsToIsolate: _secondsToIsolate,
    secondsFromFinding: _secondsFromFinding,
    isolate: _isolate,
    ...rest
  } = report;
  try {
    await notify(deps, {
      ...rest,
      status: told(result.status),
      reason: releaseSentence(result),
      cut: 'none',
      steps: [],
      proof: [],
      residualRisks: [],
      undo:
        result.remaining.length === 0
          ? 'No change is left that could be undone now.'
          : result.remaining.flatMap(printed).join('\n'),
    });
  } catch (error) {
    deps.log.error('nobody was told of the release', { error: inWords(error) });
  }
};
