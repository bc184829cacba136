import type { Completable, CompletableOption } from './completable.ts';

/** A text between single quotation marks, as fish reads it. */
const fishQuoted = (text: string): string => `'${text.replace(/[\\']/g, '\\$&')}'`;

const flagOf = (flag: string): string =>
  flag.startsWith('--') ? `-l ${flag.slice(2)}` : `-s ${flag.slice(1)}`;

/** What follows an option: a file, one of its choices, a word of the person's, or nothing. */
const argumentOf = ({ takesValue, takesFile, choices }: CompletableOption): string => {
  if (!takesValue) return '';
  if (takesFile) return ' -r -F';
  return choices.length === 0 ? ' -x' : ` -x -a ${fishQuoted(choices.join(' '))}`;
};

const linesOf = (one: Completable): readonly string[] => {
  const begin = `complete -c cordon -n ${fishQuoted(`__cordon_at ${fishQuoted(one.path)}`)}`;
  return [
    ...one.commands.map(
      ({ name, description }) => `${begin} -a ${name} -d ${fishQuoted(description)}`,
    ),
    ...(one.choices.length === 0 ? [] : [`${begin} -a ${fishQuoted(one.choices.join(' '))}`]),
    ...(one.takesFile ? [`${begin} -F`] : []),
    ...one.options.map(
      (option) =>
        `${begin} ${option.flags.map(flagOf).join(' ')}${argumentOf(option)} -d ${fishQuoted(option.description)}`,
    ),
  ];
};

/** The script by which fish completes the command. */
export const fishScript = (all: readonly Completable[]): string =>
  [
    '# Completion of cordon for fish; made by: cordon completion fish',
    'function __cordon_at',
    '  set -l so_far cordon',
    '  set -l given (commandline -opc)',
    '  set -e given[1]',
    '  for word in $given',
    '    switch "$so_far $word"',
    `      case ${all.map(({ path }) => fishQuoted(path)).join(' ')}`,
    '        set so_far "$so_far $word"',
    '    end',
    '  end',
    '  test "$so_far" = "$argv[1]"',
    'end',
    'complete -c cordon -f',
    ...all.flatMap(linesOf),
  ].join('\n');
