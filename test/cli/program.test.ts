import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { inProject } from '../../build/paths.ts';
import { cliPage } from '../../cli/cli-page.ts';
import { makeProgram } from '../../cli/program.ts';

const below = (command: Command, before: string): readonly (readonly [string, Command])[] => {
  const path = `${before}${command.name()}`;
  return [[path, command], ...command.commands.flatMap((one) => below(one, `${path} `))];
};

const commands = below(
  makeProgram(() => {}),
  '',
);

const helpOf = (command: Command): string => {
  const written: string[] = [];
  command.configureOutput({ writeOut: (text) => written.push(text) });
  command.outputHelp();
  return written.join('');
};

describe.each(commands)('The help of %s', (_, command) => {
  const help = helpOf(command);

  it('fits into 80 columns', () => {
    expect(help.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('says what every option and argument is', () => {
    const { options, registeredArguments } = command;
    for (const { description } of [...options, ...registeredArguments]) {
      expect(description).not.toBe('');
    }
    expect(command.description()).not.toBe('');
  });
});

it.each(commands.slice(1))(
  'The help of %s shows an example of it (cli/examples.ts)',
  (path, command) => {
    expect(helpOf(command)).toMatch(new RegExp(`\\nExamples?:\\n(?:.*\\n)*.*${path}`));
  },
);

it('docs/cli.md is what the program says of itself (npm run docs:cli)', () => {
  expect(readFileSync(inProject('docs', 'cli.md'), 'utf8')).toBe(cliPage());
});

describe('The options that every command of a case has', () => {
  // A script for a shell is neither a verdict nor a result.
  const others = ['cordon', 'cordon completion'];

  it.each(commands.filter(([path]) => !others.includes(path)))('stand in %s', (_, command) => {
    const names = command.options.map(({ long }) => long);
    expect(names).toEqual(
      expect.arrayContaining(['--region', '--profile', '--json', '--quiet', '--no-color', '--log']),
    );
  });
});
