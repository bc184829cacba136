import type { TimelineEvent } from '../../case/timeline.ts';
import { since } from '../moments.ts';

/** Where moments stand on a drawing: the containment to scale, what was long before or after in order only. */
export interface Scale {
  /** From left to right, in units of the drawing. */
  readonly x: (at: number) => number;
  readonly ticks: readonly { readonly x: number; readonly label: string }[];
  /** Where the part to scale begins and ends. */
  readonly from: number;
  readonly to: number;
  /** The first AWS call, in milliseconds since 1970. */
  readonly beginning: number;
}

/** What ends later than so many milliseconds after the cut is drawn to the end of the scale. */
const longest = 60_000;

const momentsOf = (events: readonly TimelineEvent[]): readonly number[] =>
  events.flatMap(({ at, until }) => [at, ...(until === undefined ? [] : [until])]).map(Date.parse);

/** The containment: from the first step to the last that ended soon after the cut. */
const windowOf = (events: readonly TimelineEvent[]): readonly [number, number] => {
  const inside = events.filter(({ kind }) => kind === 'step' || kind === 'cut');
  const moments = momentsOf(inside.length === 0 ? events : inside);
  const start = Math.min(...moments);
  const cut = Date.parse(events.find(({ kind }) => kind === 'cut')?.at ?? '');
  const limit = (Number.isNaN(cut) ? start : cut) + longest;
  const end = Math.max(...moments.filter((at) => at <= limit), start + 1);
  return [start, end];
};

/** 1, 2 or 5 times a power of ten, so that there are at most six of them. */
const stepOf = (milliseconds: number): number => {
  const rough = milliseconds / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 5, 10].find((one) => one * power >= rough) ?? 10) * power;
};

/** What stands outside the scale keeps its order, each moment a little further out. */
const zoneOf = (moments: readonly number[], x0: number, width: number) => {
  const known = [...new Set(moments)].toSorted((a, b) => a - b);
  return (at: number): number => x0 + (width * (known.indexOf(at) + 1)) / (known.length + 1);
};

const zoneWidth = (moments: readonly number[]): number =>
  moments.length === 0 ? 0 : Math.min(110, 34 + 14 * new Set(moments).size);

/** The scale of a drawing that is between two edges. Every event has readable times. */
export const scaleOf = (events: readonly TimelineEvent[], left: number, right: number): Scale => {
  const [start, end] = windowOf(events);
  const outside = events.filter(({ at }) => Date.parse(at) < start || Date.parse(at) > end);
  const starts = outside.map(({ at }) => Date.parse(at));
  const early = starts.filter((at) => at < start);
  const late = starts.filter((at) => at > end);
  const from = left + zoneWidth(early);
  const to = right - zoneWidth(late);
  const before = zoneOf(early, left, from - left);
  const after = zoneOf(late, to, right - to);
  const inside = (at: number): number => from + ((at - start) / (end - start)) * (to - from);
  const step = stepOf(end - start);
  const count = Math.floor((end - start) / step) + 1;
  return {
    x: (at) => {
      if (early.includes(at)) return before(at);
      if (late.includes(at)) return after(at);
      return inside(Math.min(Math.max(at, start), end));
    },
    ticks: Array.from({ length: count }, (_, at) => ({
      x: inside(start + at * step),
      label: since(start, start + at * step),
    })),
    from,
    to,
    beginning: start,
  };
};
