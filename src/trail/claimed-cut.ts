import type { Before } from '../case/before.ts';

const says = (tag: string | undefined): boolean =>
  /^\S+ (?:done|already) .*\bcut=complete\b/.test(tag ?? '');

/**
 * Whether the run that isolated the instance said that open connections were cut too. Nobody can
 * read that back, so its word in the trail is all there is, and without it nothing is claimed.
 * What verify said afterwards counts as well: it knows of load balancers.
 */
export const wasCutCompletely = ({ instance: { tags }, repeat }: Before): boolean =>
  repeat &&
  says(tags['cordon:step:isolate-network']) &&
  (tags['cordon:step:verify'] === undefined || says(tags['cordon:step:verify']));
