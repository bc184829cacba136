import type { Command, Option } from 'commander';

/** An option, as a shell offers it. */
export interface CompletableOption {
  /** `--region`, and `-h` where there is a short form. */
  readonly flags: readonly string[];
  readonly description: string;
  readonly takesValue: boolean;
  /** The values that it takes; empty where they are the person's to know. */
  readonly choices: readonly string[];
  readonly takesFile: boolean;
}

/** A command, with what may follow its name. */
export interface Completable {
  /** Its name with those before it: `cordon evidence fetch`. */
  readonly path: string;
  readonly commands: readonly { readonly name: string; readonly description: string }[];
  readonly options: readonly CompletableOption[];
  /** What its arguments may be, where that is known. */
  readonly choices: readonly string[];
  readonly takesFile: boolean;
}

const isFile = (text: string): boolean => /<file>|\.json/.test(text);

const optionOf = ({ short, long, description, flags, argChoices = [], ...option }: Option) => ({
  flags: [long, short].filter((one) => one !== undefined),
  description,
  takesValue: option.required || option.optional,
  choices: argChoices,
  takesFile: isFile(flags),
});

const summaryOf = (command: Command): string =>
  command.summary() === '' ? command.description() : command.summary();

/** A command and all of those below it, as its help shows them. */
export const completablesOf = (command: Command, before = ''): readonly Completable[] => {
  const path = `${before}${command.name()}`;
  const help = command.createHelp();
  const commands = help.visibleCommands(command);
  const below = command.commands.flatMap((one) => completablesOf(one, `${path} `));
  const own: Completable = {
    path,
    commands: commands.map((one) => ({ name: one.name(), description: summaryOf(one) })),
    options: help.visibleOptions(command).map(optionOf),
    choices: command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices),
    takesFile: command.registeredArguments.some((one) => isFile(one.name())),
  };
  return [own, ...below];
};
