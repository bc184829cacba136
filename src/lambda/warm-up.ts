/**
 * True for the event that starts a container before it is needed: the rule that hands a finding to
 * intake hands this constant to the other functions on the path to the cut.
 */
export const isWarmUp = (event: unknown): boolean =>
  typeof event === 'object' &&
  event !== null &&
  Object.keys(event).length === 1 &&
  'warm' in event &&
  event.warm === true;
