import { oneLine } from '../case/one-line.ts';
import { duration } from '../notify/duration.ts';

/** A moment as people read it: `2026-11-26 16:51:47Z`; whatever is none stays as it is. */
export const moment = (iso: unknown): string => {
  if (typeof iso !== 'string') return 'unknown';
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(iso)
    ? `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`
    : oneLine(iso);
};

/** The same to the millisecond, where it is known so exactly. */
export const exactMoment = (iso: string): string => {
  const [, fraction] = /^[^.]+\.(\d{3})\d*Z$/.exec(iso) ?? [];
  return fraction === undefined ? moment(iso) : moment(iso).replace(/Z$/, `.${fraction}Z`);
};

/** A span of milliseconds as people say it: `0.4 s`, `62 s`, `3 h`. */
export const span = (milliseconds: number): string =>
  milliseconds < 10_000 ? `${(milliseconds / 1_000).toFixed(1)} s` : duration(milliseconds / 1_000);

/** When something was, as seen from the beginning: `+0.4 s`, `62 s before`. */
export const since = (beginning: number, at: number): string =>
  at < beginning ? `${span(beginning - at)} before` : `+${span(at - beginning)}`;
