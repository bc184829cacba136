import { command } from '../command.ts';
import { cordonCommand } from '../cordon-command.ts';
import { groupInverses } from './auto-scaling.ts';
import { commandAndCount } from './command-and-count.ts';
import type { Inverse } from './inverse.ts';
import { phases, printed } from './inverse.ts';
import type { UndoKnowledge } from './knowledge.ts';
import { balancingInverses } from './load-balancers.ts';
import { networkInverses } from './network.ts';
import { protectionInverses } from './protections.ts';
import { reinforcementInverses } from './reinforcements.ts';

/**
 * What gives a false alarm its server back, in the order in which it is done: what is remembered of
 * the world before, compared with the world now. It is the same whichever run asks, and only what AWS
 * has accepted.
 */
export const inversesOf = (knowledge: UndoKnowledge): readonly Inverse[] => {
  const all = [
    ...reinforcementInverses(knowledge),
    ...networkInverses(knowledge),
    ...balancingInverses(knowledge),
    ...groupInverses(knowledge),
    ...protectionInverses(knowledge),
  ];
  return all.toSorted((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase));
};

/** Beyond so many characters the commands of AWS are counted, and not printed. */
const longest = 12_000;

/** The command that gives everything back, then the same as AWS commands, for a shell. */
export const undoSteps = (knowledge: UndoKnowledge): string => {
  const { region, instanceId } = knowledge;
  const inverses = inversesOf(knowledge);
  if (inverses.length === 0) return 'Nothing is otherwise than before: there is nothing to undo.';
  // First of all: what watches over open cases must not take the undo for drift.
  const released = command([
    ...['aws', 'ec2', 'create-tags', '--region', region, '--resources', instanceId],
    ...['--tags', 'Key=cordon:status,Value=released'],
  ]);
  const commands = [released, ...inverses.flatMap(printed)];
  const text = [
    cordonCommand('release', knowledge),
    '# Or, where that command is not at hand, the same as AWS commands:',
    ...commands,
  ].join('\n');
  return text.length > longest ? commandAndCount(text) : text;
};
