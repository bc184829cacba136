import type { Completable } from './completable.ts';
import { pathPattern, singleQuoted, valuesIn } from './shell-text.ts';

const offeredBy = ({ commands, options, choices }: Completable): string =>
  [...commands.map(({ name }) => name), ...choices, ...options.flatMap(({ flags }) => flags)].join(
    ' ',
  );

const valueLines = (all: readonly Completable[]): readonly string[] =>
  valuesIn(all).map(({ before, option }) => {
    const pattern = before.map(singleQuoted).join('|');
    if (option.takesFile) return `    ${pattern}) COMPREPLY=($(compgen -f -- "$word")); return ;;`;
    const words = singleQuoted(option.choices.join(' '));
    return `    ${pattern}) COMPREPLY=($(compgen -W ${words} -- "$word")); return ;;`;
  });

const commandLines = (all: readonly Completable[]): readonly string[] =>
  all.map((one) => {
    const files = one.takesFile ? ' files=yes' : '';
    return `    ${singleQuoted(one.path)}) offered=${singleQuoted(offeredBy(one))}${files} ;;`;
  });

/** The script by which bash completes the command. */
export const bashScript = (all: readonly Completable[]): string =>
  [
    '# Completion of cordon for bash; made by: cordon completion bash',
    '_cordon() {',
    `  local word="\${COMP_WORDS[COMP_CWORD]}" path=cordon offered= files= index`,
    '  COMPREPLY=()',
    '  for ((index = 1; index < COMP_CWORD; index++)); do',
    `    case "$path \${COMP_WORDS[index]}" in`,
    `      ${pathPattern(all)}) path="$path \${COMP_WORDS[index]}" ;;`,
    '    esac',
    '  done',
    `  case "$path \${COMP_WORDS[COMP_CWORD-1]}" in`,
    ...valueLines(all),
    '  esac',
    '  case "$path" in',
    ...commandLines(all),
    '  esac',
    '  COMPREPLY=($(compgen -W "$offered" -- "$word"))',
    '  if [[ -n $files && $word != -* ]]; then COMPREPLY+=($(compgen -f -- "$word")); fi',
    '}',
    'complete -F _cordon cordon',
  ].join('\n');
