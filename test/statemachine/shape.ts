/**
 * What is surely known of a JSON value: the members that are surely there. A leaf may hold
 * anything, but nothing below it is sure.
 */
export type Shape =
  | { readonly kind: 'leaf' }
  | { readonly kind: 'object'; readonly members: Readonly<Record<string, Shape>> }
  | { readonly kind: 'list'; readonly items: readonly Shape[] };

export const leaf: Shape = { kind: 'leaf' };

export const objectOf = (members: Readonly<Record<string, Shape>>): Shape => ({
  kind: 'object',
  members,
});

export const listOf = (items: readonly Shape[]): Shape => ({ kind: 'list', items });

/** An object that surely has these members, of which nothing else is known. */
export const withMembers = (...names: readonly string[]): Shape =>
  objectOf(Object.fromEntries(names.map((name) => [name, leaf])));

/** The shape of a value that is written out. */
export const shapeOf = (value: unknown): Shape => {
  if (Array.isArray(value)) return listOf(value.map(shapeOf));
  if (typeof value !== 'object' || value === null) return leaf;
  return objectOf(
    Object.fromEntries(Object.entries(value).map(([name, one]) => [name, shapeOf(one)])),
  );
};

/** What is sure of a value that has one shape or the other. */
export const common = (one: Shape, other: Shape): Shape => {
  if (one.kind === 'object' && other.kind === 'object') {
    return objectOf(
      Object.fromEntries(
        Object.entries(one.members).flatMap(([name, member]) => {
          const twin = other.members[name];
          return twin === undefined ? [] : [[name, common(member, twin)]];
        }),
      ),
    );
  }
  if (one.kind === 'list' && other.kind === 'list') {
    const shorter = one.items.length <= other.items.length ? one.items : other.items;
    const longer = shorter === one.items ? other.items : one.items;
    return listOf(shorter.map((item, n) => common(item, longer[n] ?? leaf)));
  }
  return leaf;
};

/** `$.network.report` and `$[0].id` as keys; throws for JSONPath that is more than that. */
const keysOf = (path: string): readonly string[] => {
  if (!/^\$(?:\.[A-Za-z_][\w-]*|\[\d+\])*$/.test(path)) {
    throw new Error(`The path ${path} is more than this test understands`);
  }
  return [...path.matchAll(/\.([\w-]+)|\[(\d+)\]/g)].map(([, name, index]) => name ?? index ?? '');
};

/** The shape at a path; undefined when it is not sure that there is anything. */
export const find = (shape: Shape, path: string): Shape | undefined =>
  keysOf(path).reduce<Shape | undefined>((found, key) => {
    if (found?.kind === 'object') return found.members[key];
    if (found?.kind === 'list') return found.items[Number(key)];
    return undefined;
  }, shape);

/** The shape with another put in at a path; what is missing on the way is made. */
export const put = (shape: Shape, path: string, value: Shape): Shape => {
  const insert = (into: Shape | undefined, [key, ...rest]: readonly string[]): Shape => {
    if (key === undefined) return value;
    const members = into === undefined ? {} : into.kind === 'object' ? into.members : undefined;
    if (members === undefined) throw new Error(`${path} leads through what is no object`);
    return objectOf({ ...members, [key]: insert(members[key], rest) });
  };
  return insert(shape, keysOf(path));
};
