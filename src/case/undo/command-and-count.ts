/** The command is far shorter; nothing that grows may stand in its place, in characters. */
const longestCommand = 300;

/**
 * An undo that is too long to be printed: the command, which does all of it, and how many AWS commands
 * do the same. Half of them would undo half.
 */
export const commandAndCount = (undo: string): string => {
  const [first = '', ...others] = undo.split('\n');
  const commands = others.filter((line) => line !== '' && !line.startsWith('#'));
  return `${first.slice(0, longestCommand).toWellFormed()}\n# The same are ${commands.length} AWS commands, too long to print here; the command with --dry-run lists them.`;
};
