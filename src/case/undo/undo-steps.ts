import { command } from '../command.ts';
import { groupCommands } from './auto-scaling.ts';
import type { UndoKnowledge } from './knowledge.ts';
import { balancingCommands } from './load-balancers.ts';
import { networkCommands } from './network.ts';
import { protectionCommands } from './protections.ts';
import { reinforcementCommands } from './reinforcements.ts';

/**
 * The steps, as commands, that give a false alarm its server back: protection first (so that the
 * group may manage the instance again), the network next, load balancers last. They are what is
 * remembered of the world before, compared with the world now: the same whichever run prints them,
 * and only what AWS has accepted.
 */
export const undoSteps = (knowledge: UndoKnowledge): string => {
  const { region, instanceId } = knowledge;
  const commands = [
    ...protectionCommands(knowledge),
    ...networkCommands(knowledge),
    ...reinforcementCommands(knowledge),
    ...groupCommands(knowledge),
    ...balancingCommands(knowledge),
  ];
  if (commands.length === 0) return 'Nothing is otherwise than before: there is nothing to undo.';
  // First of all: what watches over open cases must not take the undo for drift.
  const released = command([
    ...['aws', 'ec2', 'create-tags', '--region', region, '--resources', instanceId],
    ...['--tags', 'Key=cordon:status,Value=released'],
  ]);
  return [released, ...commands].join('\n');
};
