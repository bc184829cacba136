import type { Case } from '../case/case.ts';
import { criticalSeverity } from '../triggers/policy.ts';

const isCritical = ({ trigger }: Partial<Pick<Case, 'trigger'>>): boolean =>
  (trigger?.severity ?? 0) >= criticalSeverity;

/**
 * Whether a run under this input does for a finding what a run of the finding's own would do: it has
 * the same profile, and no tag keeps it from what none would keep the finding from.
 */
export const covers = (input: string, theCase: Case): boolean => {
  try {
    const run = JSON.parse(input) as Partial<Case>;
    return (
      run.isolationProfile === theCase.isolationProfile && (isCritical(run) || !isCritical(theCase))
    );
  } catch {
    return false;
  }
};
