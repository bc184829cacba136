import { permissions as describePermissions } from './describe.ts';

/** A step's own permissions and describe's, which it needs to run alone; each named once. */
export const withDescribe = (own: readonly string[]): readonly string[] => [
  ...new Set<string>([...describePermissions, ...own]),
];
