import type { Before } from '../../case/before.ts';

const says = (tag: string | undefined): boolean =>
  /^\S+ (?:done|already) .*\bcut=complete\b/.test(tag ?? '');

/**
 * Whether the run that isolated the instance said that open connections were cut too. Nobody can
 * read that back, so its word in the trail is all there is, and without it nothing is claimed.
 * Verify has to have said so too: it knows of load balancers.
 */
export const wasCutCompletely = ({ instance: { tags }, repeat }: Before): boolean =>
  repeat && says(tags['cordon:step:isolate-network']) && says(tags['cordon:step:verify']);
