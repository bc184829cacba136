import type { Completable, CompletableOption } from './completable.ts';

/** A text between single quotation marks, as bash and zsh read it. */
export const singleQuoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** The paths of all commands, as the alternatives of a `case`. */
export const pathPattern = (all: readonly Completable[]): string =>
  all.map(({ path }) => singleQuoted(path)).join('|');

/** Each option that takes a value, by what stands before that value: `cordon verify --log`. */
export const valuesIn = (
  all: readonly Completable[],
): readonly { readonly before: readonly string[]; readonly option: CompletableOption }[] =>
  all.flatMap(({ path, options }) =>
    options
      .filter(({ takesValue }) => takesValue)
      .map((option) => ({ before: option.flags.map((flag) => `${path} ${flag}`), option })),
  );
