import type { Completable } from './completable.ts';
import { pathPattern, singleQuoted, valuesIn } from './shell-text.ts';

/** `name:description`, as `_describe` takes it. */
const described = (name: string, description: string): string =>
  singleQuoted(`${name.replaceAll(':', '\\:')}:${description}`);

const offeredBy = ({ commands, options, choices }: Completable): string =>
  [
    ...commands.map(({ name, description }) => described(name, description)),
    ...choices.map((choice) => described(choice, '')),
    ...options.flatMap(({ flags, description }) =>
      flags.map((flag) => described(flag, description)),
    ),
  ].join(' ');

const valueLines = (all: readonly Completable[]): readonly string[] =>
  valuesIn(all).map(({ before, option }) => {
    const pattern = before.map(singleQuoted).join('|');
    if (option.takesFile) return `    (${pattern}) _files; return ;;`;
    const words = option.choices.map(singleQuoted).join(' ');
    return words === ''
      ? `    (${pattern}) return ;;`
      : `    (${pattern}) compadd -- ${words}; return ;;`;
  });

const commandLines = (all: readonly Completable[]): readonly string[] =>
  all.map((one) => {
    const files = one.takesFile ? ' files=yes' : '';
    return `    (${singleQuoted(one.path)}) offered=(${offeredBy(one)})${files} ;;`;
  });

/** The script by which zsh completes the command: a file `_cordon` of its `fpath`, or sourced. */
export const zshScript = (all: readonly Completable[]): string =>
  [
    '#compdef cordon',
    '# Completion of cordon for zsh; made by: cordon completion zsh',
    '_cordon() {',
    '  local so_far=cordon files= index',
    '  local -a offered',
    '  for ((index = 2; index < CURRENT; index++)); do',
    `    case "$so_far \${words[index]}" in`,
    `      (${pathPattern(all)}) so_far="$so_far \${words[index]}" ;;`,
    '    esac',
    '  done',
    `  case "$so_far \${words[CURRENT-1]}" in`,
    ...valueLines(all),
    '  esac',
    '  case "$so_far" in',
    ...commandLines(all),
    '  esac',
    "  _describe -t words 'cordon' offered",
    `  if [[ -n $files && \${words[CURRENT]} != -* ]]; then _files; fi`,
    '}',
    `if [[ \${funcstack[1]} == _cordon ]]; then _cordon "$@"; else compdef _cordon cordon; fi`,
  ].join('\n');
