import type { Before } from '../../case/before.ts';
import type { Case } from '../../case/case.ts';
import { profileOf } from '../../case/case.ts';
import type { DescribeDetail } from '../../case/details.ts';
import type { ForensicPath } from '../../case/forensic-path.ts';
import { forensicPathUnder } from '../../case/forensic-path.ts';
import type { IsolationProfile } from '../../case/isolation-profile.ts';
import type { Settings } from '../../settings/settings.ts';

/** Reads whether the forensic path is there; never throws. */
export type ReadPath = (
  before: Pick<Before, 'instance' | 'groups'>,
  profile: IsolationProfile,
) => Promise<ForensicPath>;

/**
 * What is said of the forensic path. It is read in dry runs alone: before a cut nothing waits for it, so
 * that a case says only what its profile says without reading.
 */
export const forensicPathOf = async (
  readPath: ReadPath | undefined,
  theCase: Case,
  before: Pick<Before, 'instance' | 'groups'>,
  settings: Settings,
): Promise<Pick<DescribeDetail, 'forensicPath'>> => {
  const profile = profileOf(theCase, settings);
  const path =
    theCase.dryRun && readPath !== undefined
      ? await readPath(before, profile)
      : forensicPathUnder(profile, settings.egressAllowList.length > 0);
  return path === undefined ? {} : { forensicPath: path };
};
