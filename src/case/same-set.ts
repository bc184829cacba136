/** Whether two lists hold the same ids, in whatever order. */
export const isSameSet = (these: readonly string[], those: readonly string[]): boolean => {
  const a = new Set(these);
  const b = new Set(those);
  return a.size === b.size && [...a].every((one) => b.has(one));
};
