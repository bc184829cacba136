import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';

const folder = new URL('../../events/', import.meta.url);

/** Every event of the project. */
export const sampleEvents = (): readonly unknown[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(new URL(name, folder), 'utf8')));

/** What real and hostile events hold where something else is expected. */
const oddities: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    undefined,
    '',
    'false',
    'null',
    20.0,
    -1,
    1e308,
    1_700_000_000_000,
    '1970-01-01T00:00:00Z',
    'i-99999999',
    'i-blart',
    'i-0c0d0e0f0a0b0c0d1\u202e',
    ' i-0c0d0e0f0a0b0c0d1',
    'arn:aws:ec2:us-east-1:123456789012:instance/i-0c0d0e0f0a0b0c0d1',
    '__proto__',
    [],
    {},
    [null],
    { key: 'cordon', value: null },
  ),
  fc.jsonValue({ maxDepth: 2 }),
);

/** Every place in a value, as the keys that lead there. */
const pathsOf = (value: unknown, path: readonly string[] = []): readonly (readonly string[])[] =>
  typeof value !== 'object' || value === null
    ? [path]
    : [path, ...Object.entries(value).flatMap(([key, one]) => pathsOf(one, [...path, key]))];

const replaced = (value: unknown, [key, ...rest]: readonly string[], odd: unknown): unknown => {
  if (key === undefined) return odd;
  if (Array.isArray(value)) {
    return value.map((one, at) => (String(at) === key ? replaced(one, rest, odd) : one));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([one, inner]) => [
      one,
      one === key ? replaced(inner, rest, odd) : inner,
    ]),
  );
};

/** Events with one to four of their values replaced, and now and then something else altogether. */
export const mutatedEvents = (events: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc
        .tuple(
          fc.constantFrom(...events),
          fc.array(fc.tuple(fc.nat(), oddities), { minLength: 1, maxLength: 4 }),
        )
        .map(([event, changes]) =>
          changes.reduce<unknown>((value, [place, odd]) => {
            const paths = pathsOf(value);
            return replaced(value, paths[place % paths.length] ?? [], odd);
          }, event),
        ),
    },
    { weight: 1, arbitrary: fc.jsonValue() },
  );
