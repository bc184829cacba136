import type { Releasable } from './find-released.ts';

/** The instance was terminated: nothing of it can be given back, and its case can only be closed. */
export const isGone = ({ found }: Pick<Releasable, 'found'>): boolean =>
  /^(?:terminated|shutting-down)$/.test(found.before.instance.state);
