type Path = readonly (string | number)[];

/** The path of every value inside a JSON value, its own (empty) one included. */
const pathsOf = (value: unknown, path: Path = []): readonly Path[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [
        path,
        ...Object.entries(value).flatMap(([key, one]) =>
          pathsOf(one, [...path, Array.isArray(value) ? Number(key) : key]),
        ),
      ];

/** What a missing value is put as: JSON then leaves its key out. */
const missing = undefined;

/** Values that are not what was expected; the last one cannot even be made into a text. */
const wrongValues: readonly unknown[] = [
  missing,
  null,
  17,
  '',
  'a text',
  true,
  [],
  [null],
  {},
  { toString: 1 },
];

const replaced = (value: unknown, path: Path, by: unknown): unknown => {
  const [key, ...rest] = path;
  if (key === undefined) return by;
  if (Array.isArray(value)) {
    return value.map((one, index) => (index === key ? replaced(one, rest, by) : one));
  }
  return Object.fromEntries(
    Object.entries(value as object).map(([name, one]) => [
      name,
      name === key ? replaced(one, rest, by) : one,
    ]),
  );
};

/** The JSON value in every way in which one thing in it can be missing or of another kind. */
export const spoiled = (
  value: unknown,
): readonly { readonly where: string; readonly by: unknown; readonly event: unknown }[] =>
  pathsOf(value).flatMap((path) =>
    wrongValues.map((by) => {
      const json = JSON.stringify(replaced(value, path, by));
      return { where: path.join('.'), by, event: json === undefined ? null : JSON.parse(json) };
    }),
  );
