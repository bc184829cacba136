import type { TimelineEvent } from '../../case/timeline.ts';
import type { Markup } from '../markup.ts';
import { html, nothing } from '../markup.ts';
import { since, span } from '../moments.ts';
import type { Tone } from '../page.ts';
import { toneOfOutcome } from '../tones.ts';
import { fitted } from './fitted.ts';
import type { Scale } from './scale.ts';
import { scaleOf } from './scale.ts';

/** Measures of a drawing, in units of its coordinates; a letter is some 6.4 wide. */
interface Layout {
  readonly width: number;
  /** Where the bars begin. */
  readonly left: number;
  readonly rowHeight: number;
  /** Whether words stand above their bar, and not beside it. */
  readonly above: boolean;
  readonly letters: number;
}

const layouts = {
  wide: { width: 880, left: 392, rowHeight: 26, above: false, letters: 53 },
  narrow: { width: 340, left: 18, rowHeight: 42, above: true, letters: 42 },
} as const satisfies Record<string, Layout>;

const top = 34;

const drawn: ReadonlySet<TimelineEvent['kind']> = new Set([
  'finding',
  'decision',
  'step',
  'cut',
  'drift',
  'release',
]);

/** The events of a story that are drawn. */
export const drawnEvents = (events: readonly TimelineEvent[]): readonly TimelineEvent[] =>
  events.filter(({ kind, at }) => drawn.has(kind) && !Number.isNaN(Date.parse(at)));

const toneOf = ({ kind, outcome }: TimelineEvent): Tone => {
  if (kind === 'finding' || kind === 'drift') return 'bad';
  if (kind === 'cut') return 'good';
  return kind === 'step' || outcome !== undefined ? toneOfOutcome(outcome) : 'quiet';
};

const names: Readonly<Partial<Record<TimelineEvent['kind'], string>>> = {
  finding: 'FINDING',
  decision: 'DECIDED',
  cut: 'CUT',
  drift: 'DRIFT',
  release: 'RELEASE',
};

/** A step is named; every other event says what it is before its words. */
const wordsOf = ({ kind, what, step, outcome }: TimelineEvent): string => {
  if (kind === 'step') {
    const ending = outcome === undefined || outcome === 'done' ? '' : ` (${outcome})`;
    return `${step ?? what}${ending}`;
  }
  return `${names[kind] ?? kind} ${what}`;
};

const lastsOf = ({ at, until }: TimelineEvent): number =>
  until === undefined ? 0 : Math.max(0, Date.parse(until) - Date.parse(at));

/** A bar for what lasts, a diamond for what happened at one moment. */
const markOf = (event: TimelineEvent, scale: Scale, y: number): Markup => {
  const at = Date.parse(event.at);
  const x = scale.x(at);
  if (event.kind !== 'step') {
    return html`<path class="mark ${toneOf(event)}" d="M${x.toFixed(1)} ${y - 6} l6 6 l-6 6 l-6 -6 z"/>`;
  }
  const width = Math.max(3, scale.x(at + lastsOf(event)) - x);
  return html`<rect class="bar ${toneOf(event)}" x="${x.toFixed(1)}" y="${y - 6}" width="${width.toFixed(1)}" height="12" rx="2"/>`;
};

const rowOf = (event: TimelineEvent, at: number, scale: Scale, layout: Layout): Markup => {
  const y = top + at * layout.rowHeight + layout.rowHeight / 2;
  const when = since(scale.beginning, Date.parse(event.at));
  const lasts = event.kind === 'step' ? span(lastsOf(event)) : '';
  const words = fitted(`${when}  ${wordsOf(event)}`, layout.letters - lasts.length);
  const strong = event.kind === 'step' ? 'label' : 'label strong';
  const textY = layout.above ? y - 7 : y + 4;
  return html`<text class="${strong}" x="0" y="${textY}">${words}</text>
<text class="label end" x="${layout.above ? layout.width : layout.left - 14}" y="${textY}">${lasts}</text>
${markOf(event, scale, layout.above ? y + 8 : y)}
`;
};

const axisOf = ({ ticks, from, to }: Scale, { left, width }: Layout, bottom: number): Markup => {
  const lines = ticks.map(
    ({ x, label }) =>
      html`<line class="grid" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top - 6}" y2="${bottom}"/><text class="tick" x="${x.toFixed(1)}" y="${top - 12}">${label}</text>
`,
  );
  const edges = [from, to].filter((x) => x > left && x < width);
  const breaks = edges.map(
    (x) =>
      html`<line class="break" x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${top - 6}" y2="${bottom}"/>`,
  );
  return html`${lines}${breaks}`;
};

const cutLine = (events: readonly TimelineEvent[], { x }: Scale, bottom: number): Markup => {
  const cut = events.find(({ kind }) => kind === 'cut');
  if (cut === undefined) return nothing;
  const at = x(Date.parse(cut.at)).toFixed(1);
  return html`<line class="cut" x1="${at}" x2="${at}" y1="${top - 6}" y2="${bottom}"/>`;
};

/**
 * The story of a case as a drawing: what happened at one moment as a diamond, each step as a bar, the cut
 * as a line through all of them. The containment is to scale; what was before and after it is not.
 */
export const drawTimeline = (
  events: readonly TimelineEvent[],
  size: keyof typeof layouts,
): Markup => {
  const layout = layouts[size];
  const scale = scaleOf(events, layout.left, layout.width - 18);
  const bottom = top + events.length * layout.rowHeight;
  const rows = events.map((event, at) => rowOf(event, at, scale, layout));
  return html`<svg class="timeline" viewBox="0 0 ${layout.width} ${bottom + 6}" width="${layout.width}" height="${bottom + 6}" aria-hidden="true" focusable="false">
${axisOf(scale, layout, bottom)}${cutLine(events, scale, bottom)}${rows}</svg>`;
};
