import { command } from '../command.ts';
import { cordonCommand } from '../cordon-command.ts';
import { commandAndCount } from './command-and-count.ts';
import { printed } from './inverse.ts';
import { inversesOf } from './inverses.ts';
import type { UndoKnowledge } from './knowledge.ts';

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
