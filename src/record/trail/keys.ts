/** The tags that name a case; the before-values have a file each. */
export const caseTag = 'cordon:case';
export const statusTag = 'cordon:status';
export const triggerTag = 'cordon:trigger';
/** Who asked and why, where a person did. */
export const requestedTag = 'cordon:requested';
export const instanceTag = 'cordon:instance';
/** The head of the record as it stood when the tag was written: a SHA-256 in hexadecimal. */
export const recordTag = 'cordon:record';
/** The signature over what Cordon wrote to a resource. */
export const sealTag = 'cordon:seal';
/** On an interface: the groups it was found in, where an earlier value of unknown origin stands. */
export const foundGroupsTag = 'cordon:found-groups';

/** Keys of a resource on which Cordon remembers something of the world before. */
export const isBeforeKey = (key: string): boolean =>
  /^cordon:(?:before:|original-groups(?::|$))/.test(key);

/** Stands where an earlier case, or somebody else, left a tag that this case has no value for. */
export const stale = '-';
