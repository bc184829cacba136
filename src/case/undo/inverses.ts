import type { ReinforcementName } from '../../actions/index.ts';
import {
  evidenceActions,
  reinforcementNames,
  reinforcements,
  runbookActions,
} from '../../actions/index.ts';
import type { Inverse } from './inverse.ts';
import { phases } from './inverse.ts';
import type { UndoKnowledge } from './knowledge.ts';

/** One thing that goes back, by what changed it. */
interface GiveBack {
  readonly cut: ReinforcementName;
  readonly inverse: Inverse;
}

/**
 * What the reinforcements changed, as it is remembered or seen, and as this run knows it beyond; in an
 * order that does not depend on which of the two says so.
 */
const ofReinforcements = (knowledge: UndoKnowledge): readonly Inverse[] => {
  const remembered = reinforcements.flatMap(({ name, inverses }) =>
    inverses(knowledge).map((inverse): GiveBack => ({ cut: name, inverse })),
  );
  const own = (knowledge.reinforcements ?? []).flatMap(({ cut, undo }) =>
    undo.map((inverse): GiveBack => ({ cut, inverse })),
  );
  const places = Object.keys(knowledge.former.interfaces);
  const all = [...remembered, ...own].toSorted(
    (a, b) =>
      reinforcementNames.indexOf(a.cut) - reinforcementNames.indexOf(b.cut) ||
      places.indexOf(a.inverse.resource) - places.indexOf(b.inverse.resource) ||
      a.inverse.command.localeCompare(b.inverse.command),
  );
  return [...new Map(all.map(({ inverse }) => [inverse.command, inverse])).values()];
};

/**
 * What gives a false alarm its server back, in the order in which it is done: what is remembered of
 * the world before, compared with the world now. It is the same whichever run asks, and only what AWS
 * has accepted.
 */
export const inversesOf = (knowledge: UndoKnowledge): readonly Inverse[] =>
  [
    ...ofReinforcements(knowledge),
    ...evidenceActions.flatMap(({ inverses }) => inverses(knowledge)),
    ...runbookActions.flatMap(({ inverses }) => inverses(knowledge)),
  ].toSorted((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase));
