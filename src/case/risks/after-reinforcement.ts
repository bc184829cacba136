import { reinforcementNamed } from '../../actions/index.ts';
import type { ReinforceDetail } from '../reinforcement.ts';
import type { ResidualRisk } from '../risk.ts';

/** The risks after the further cuts: what a cut closes is worded anew, never left out. */
export const afterReinforcement = (
  risks: readonly ResidualRisk[],
  reinforced: ReinforceDetail | undefined,
): readonly ResidualRisk[] => {
  const byCut = Map.groupBy(reinforced?.reinforcements ?? [], ({ cut }) => cut);
  const made = [...byCut]
    .filter(([, its]) => its.every(({ outcome }) => outcome === 'done' || outcome === 'already'))
    .flatMap(([name]) => reinforcementNamed(name).rest ?? []);
  return risks.map((risk) => made.find(({ of }) => of === risk.risk)?.rest ?? risk);
};
