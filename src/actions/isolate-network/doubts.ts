import { inWords } from '../../aws/errors.ts';
import type { Before } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import type { PrepareDetail } from '../../case/details.ts';
import type { ResidualRisk } from '../../case/risk.ts';
import { foundIsolated, transitionFailed } from '../../case/risks/connections.ts';
import { wasCutCompletely } from '../../record/trail/claimed-cut.ts';
import type { CutResult } from './cut-off.ts';

interface Prepared {
  readonly before: Before;
  readonly prepared: PrepareDetail;
}

const idsOf = (cut: readonly CutResult[]): readonly string[] => cut.map(({ one }) => one.id);

const failed = (ids: readonly string[], why: string): readonly ResidualRisk[] =>
  ids.length === 0 ? [] : [transitionFailed(ids, why)];

/** Interfaces that were isolated without a transition group, though one was asked for. */
const ungrouped = (
  cut: readonly CutResult[],
  { before, prepared }: Prepared,
): readonly string[] => {
  const isolated = idsOf(cut.filter(({ one }) => one.outcome === 'isolated'));
  return movableInterfaces(before.instance)
    .map(({ id }) => id)
    .filter((id) => prepared.groups[id]?.transition === undefined && isolated.includes(id));
};

/** Interfaces that were moved between isolation groups directly: established connections were not reset. */
const straight = (cut: readonly CutResult[], { prepared }: Prepared): readonly CutResult[] =>
  cut.filter(
    (one) => one.straight === true && prepared.groups[one.one.id]?.transition !== undefined,
  );

/** Reasons, other than routes, why open connections may live; none for a stopped instance. */
export const doubtsOf = (
  cut: readonly CutResult[],
  withTransition: boolean,
  about: Prepared,
): readonly ResidualRisk[] => {
  if (about.before.instance.state === 'stopped') return [];
  const refused = cut.filter(({ transitionError }) => transitionError !== undefined);
  const unseen = cut.filter((one) => one.unseen === true);
  const found = idsOf([
    ...cut.filter(({ one }) => one.outcome === 'already'),
    ...(withTransition ? straight(cut, about) : []),
  ]);
  return [
    ...failed(idsOf(refused), inWords(refused[0]?.transitionError)),
    ...failed(idsOf(unseen), 'AWS accepted it, and it was not seen when it was read back'),
    ...failed(withTransition ? ungrouped(cut, about) : [], 'there is no transition group'),
    ...(found.length > 0 && !wasCutCompletely(about.before) ? [foundIsolated(found)] : []),
  ];
};
