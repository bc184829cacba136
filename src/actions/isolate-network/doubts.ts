import { inWords } from '../../aws/errors.ts';
import type { Before } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import type { PrepareDetail } from '../../case/details.ts';
import type { ResidualRisk } from '../../case/risk.ts';
import { foundIsolated, transitionFailed } from '../../case/risks/connections.ts';
import { wasCutCompletely } from '../../trail/claimed-cut.ts';
import type { CutResult } from './cut-off.ts';

/** Reasons, other than routes, why open connections may live; none for a stopped instance. */
export const doubtsOf = (
  cut: readonly CutResult[],
  withTransition: boolean,
  { before, prepared }: { readonly before: Before; readonly prepared: PrepareDetail },
): readonly ResidualRisk[] => {
  if (before.instance.state === 'stopped') return [];
  const refused = cut.filter(({ transitionError }) => transitionError !== undefined);
  const unseen = cut.filter((one) => one.unseen === true).map(({ one }) => one.id);
  const ungrouped = movableInterfaces(before.instance).filter(
    ({ id }) =>
      withTransition &&
      prepared.groups[id]?.transition === undefined &&
      cut.some(({ one }) => one.id === id && one.outcome === 'isolated'),
  );
  // Moved directly between isolation groups, so established connections were not reset.
  const straight = cut.filter(
    (one) => one.straight === true && prepared.groups[one.one.id]?.transition !== undefined,
  );
  const found = [
    ...cut.filter(({ one }) => one.outcome === 'already'),
    ...(withTransition ? straight : []),
  ];
  return [
    ...(refused.length > 0
      ? [
          transitionFailed(
            refused.map(({ one }) => one.id),
            inWords(refused[0]?.transitionError),
          ),
        ]
      : []),
    ...(unseen.length > 0
      ? [transitionFailed(unseen, 'AWS accepted it, and it was not seen when it was read back')]
      : []),
    ...(ungrouped.length > 0
      ? [
          transitionFailed(
            ungrouped.map(({ id }) => id),
            'there is no transition group',
          ),
        ]
      : []),
    ...(found.length > 0 && !wasCutCompletely(before)
      ? [foundIsolated(found.map(({ one }) => one.id))]
      : []),
  ];
};
