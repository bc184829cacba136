import type { Before } from '../../case/before.ts';
import type { Control } from '../../case/control.ts';
import { controlOf } from '../../case/control.ts';
import type { VerifyDetail } from '../../case/details.ts';
import type { Now } from '../../case/now.ts';
import { instanceNow } from '../../case/world-now.ts';
import { readRegistrationTags } from '../../record/trail/registration-tags.ts';
import type { Seen } from './readings.ts';

const lifecycleStateIn = (proof: readonly Control[]): Pick<Now, 'lifecycleState'> => {
  const membership = controlOf(proof, 'asg-membership');
  if (membership === undefined || membership.holds === 'unknown') return {};
  const [state] = membership.observed.split(' in ');
  return { lifecycleState: membership.observed.startsWith('in no ') ? 'none' : (state ?? 'none') };
};

/** What was read, as an undo needs it. */
export const forUndo = (
  { instance, registered, tags }: Seen,
  proof: readonly Control[],
  before: Before,
): Pick<VerifyDetail, 'now' | 'remembered'> => ({
  now: {
    ...(instance === undefined ? {} : instanceNow(instance)),
    ...lifecycleStateIn(proof),
    ...registered,
  },
  ...(tags === undefined ? {} : { remembered: readRegistrationTags(tags, before.instance) }),
});
