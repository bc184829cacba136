import type { Command } from 'commander';
import { makeProgram } from './program.ts';

const textOf = (command: Command): string => {
  const written: string[] = [];
  command.configureOutput({ writeOut: (text) => written.push(text) });
  command.outputHelp();
  return written.join('').trimEnd();
};

const sectionsOf = (command: Command, before: string): readonly string[] => {
  const path = `${before}${command.name()}`;
  return [
    `## \`${path}\`\n\n\`\`\`text\n${textOf(command)}\n\`\`\``,
    ...command.commands.flatMap((one) => sectionsOf(one, `${path} `)),
  ];
};

const begin = `# The command

This page is what \`--help\` prints, of each command; \`npm run docs:cli\` makes it. In a clone of this repository
\`cordon …\` is \`npm run --silent cordon -- …\`. What the commands are for: [operating.md](operating.md).`;

/** The text of `docs/cli.md`: the help of the program and of each of its commands. */
export const cliPage = (): string =>
  `${[
    begin,
    ...sectionsOf(
      makeProgram(() => {}),
      '',
    ),
  ].join('\n\n')}\n`;
