import { maximumValueLength } from './tag-value.ts';

/** The tag on an interface that says which groups it had before. */
export const originalGroupsTag = 'cordon:original-groups';

const groupIdPattern = /^sg-[0-9a-f]{8,17}$/;

const continuation = (index: number): string =>
  index === 0 ? originalGroupsTag : `${originalGroupsTag}:${index + 1}`;

/** An interface has at most 16 groups of 20 characters: two tags hold them. */
const continuations = 2;

/** Group ids, separated by one space, continued in a second tag where one does not hold them. */
export const originalGroupsTags = (groupIds: readonly string[]): Record<string, string> => {
  const values: string[] = [];
  let value = '';
  for (const id of groupIds) {
    const longer = value === '' ? id : `${value} ${id}`;
    if (longer.length > maximumValueLength) {
      values.push(value);
      value = id;
    } else value = longer;
  }
  if (value !== '') values.push(value);
  // If the first tag is full, an empty second tag ends the list: a reader would otherwise take a second
  // tag that somebody else left for its continuation.
  const [first] = values;
  if (values.length === 1 && first !== undefined && first.length + 21 > maximumValueLength)
    values.push('');
  return Object.fromEntries(values.map((one, index) => [continuation(index), one]));
};

/** The group ids that the tags name; what is no group id is left out: anybody may write tags. */
export const readOriginalGroups = (tags: Readonly<Record<string, string>>): readonly string[] => {
  const read = Array.from({ length: continuations }, (_, index) =>
    (tags[continuation(index)] ?? '').split(' ').filter((id) => groupIdPattern.test(id)),
  );
  const [first = [], second = []] = read;
  // The second tag counts only if the first one is full; otherwise somebody else left it.
  const [next] = second;
  const full = next !== undefined && [...first, next].join(' ').length > maximumValueLength;
  return full ? [...first, ...second] : first;
};
