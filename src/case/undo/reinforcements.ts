import type { ActionName } from '../../actions/index.ts';
import { actionNames, actions } from '../../actions/index.ts';
import type { Inverse } from './inverse.ts';
import type { UndoKnowledge } from './knowledge.ts';

/** One thing that goes back, by what changed it. */
interface GiveBack {
  readonly cut: ActionName;
  readonly inverse: Inverse;
}

/** What the actions changed, as it is remembered or seen, and as this run knows it beyond. */
export const reinforcementInverses = (knowledge: UndoKnowledge): readonly Inverse[] => {
  const remembered = actions.flatMap(({ name, inverses }) =>
    inverses(knowledge).map((inverse): GiveBack => ({ cut: name, inverse })),
  );
  const own = (knowledge.reinforcements ?? []).flatMap(({ cut, undo }) =>
    undo.map((inverse): GiveBack => ({ cut, inverse })),
  );
  const places = Object.keys(knowledge.former.interfaces);
  const all = [...remembered, ...own].toSorted(
    (a, b) =>
      actionNames.indexOf(a.cut) - actionNames.indexOf(b.cut) ||
      places.indexOf(a.inverse.resource) - places.indexOf(b.inverse.resource) ||
      a.inverse.command.localeCompare(b.inverse.command),
  );
  return [...new Map(all.map(({ inverse }) => [inverse.command, inverse])).values()];
};
