import type { Ec2Reader } from '../../aws/readers/reader.ts';
import type { Before } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import type { PrepareDetail } from '../../case/details.ts';
import type { IsolationProfile } from '../../case/isolation-profile.ts';
import { keepsServing } from '../../case/isolation-profile.ts';
import type { StepEntry } from '../../case/step.ts';
import { readOriginalGroups } from '../../record/trail/original-groups.ts';
import type { Remembered } from './verify.ts';

/**
 * The groups that the interfaces had before the case: as this run found them, else as their tags
 * say. Only clones of groups depend on it, so that otherwise nothing is read.
 */
export const readRemembered = async (
  ec2: Ec2Reader,
  { instance }: Before,
  profile: IsolationProfile,
  steps: readonly StepEntry[] = [],
): Promise<Remembered> => {
  if (!keepsServing(profile)) return () => [];
  const prepared = steps.findLast(({ step }) => step === 'prepare-isolation');
  const { originals = {} } = (prepared?.detail ?? {}) as Partial<PrepareDetail>;
  const ids = movableInterfaces(instance)
    .map(({ id }) => id)
    .filter((id) => originals[id] === undefined);
  const tags = ids.length === 0 ? undefined : await ec2.tags(ids);
  return (id) => originals[id] ?? readOriginalGroups(tags?.get(id) ?? {});
};
