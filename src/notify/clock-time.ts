import { oneLine } from '../case/one-line.ts';

/** The time of a moment, as people read it: `03:12:09Z`. */
export const clockTime = (iso: unknown): string =>
  typeof iso === 'string' ? `${oneLine(iso).slice(11, 19)}Z` : 'unknown';

/** The minute of a moment: `03:12Z`. */
export const clockMinute = (iso: string): string => `${oneLine(iso).slice(11, 16)}Z`;

/** The minute with its day: `2026-11-20 03:27Z`. */
export const dayAndMinute = (iso: string): string =>
  `${oneLine(iso).slice(0, 10)} ${clockMinute(iso)}`;
