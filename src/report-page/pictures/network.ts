import type { Holds } from '../../case/control.ts';
import type { Markup } from '../markup.ts';
import { html, nothing } from '../markup.ts';
import type { Tone } from '../page.ts';
import type { Scene, SceneInterface, SceneVolume } from '../scene.ts';
import { toneOfHolds } from '../tones.ts';
import { fitted } from './fitted.ts';

/** Which of the two pictures. */
export type Side = 'before' | 'after';

const width = 340;
const line = 16;
/** The most of each that is drawn; the table has more. */
const drawnAtMost = 6;

interface Part {
  readonly markup: Markup;
  /** Where it ends, from the top. */
  readonly bottom: number;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly title: string;
  readonly lines: readonly string[];
  readonly tone: Tone;
  readonly dashed?: boolean;
}

/** A letter is some 6.3 units wide. */
const lettersIn = (units: number): number => Math.floor((units - 16) / 6.3);

const draw = ({ x, y, title, lines, tone, dashed = false, ...box }: Box): Part => {
  const height = 12 + line * (1 + lines.length);
  const letters = lettersIn(box.width);
  const rows = lines.map(
    (one, at) =>
      html`<text class="small" x="${x + 8}" y="${y + 33 + at * line}">${fitted(one, letters)}</text>
`,
  );
  return {
    bottom: y + height,
    markup: html`<rect class="box ${tone}${dashed ? ' dashed' : ''}" x="${x + 1}" y="${y}" width="${box.width - 2}" height="${height}" rx="5"/>
<text class="label strong" x="${x + 8}" y="${y + 17}">${fitted(title, letters)}</text>
${rows}`,
  };
};

/** The first of a list, and how many more there are. */
const firstOf = (list: readonly string[], what: string): readonly string[] =>
  list.length <= drawnAtMost
    ? list
    : [
        ...list.slice(0, drawnAtMost - 1),
        `and ${list.length - drawnAtMost + 1} more ${what}, see below`,
      ];

/** A way between two boxes; a cross where it is cut, a question mark where nobody knows. */
const way = (x: number, from: number, to: number, cut: Holds): Markup => {
  const middle = (from + to) / 2;
  const path = html`<line class="way ${cut === true ? 'closed' : 'open'}" x1="${x}" x2="${x}" y1="${from}" y2="${to}"/>`;
  if (cut === false) return path;
  if (cut !== true)
    return html`${path}<text class="label strong middle" x="${x + 10}" y="${middle + 5}">?</text>`;
  return html`${path}<path class="cross" d="M${x - 6} ${middle - 6} l12 12 m0 -12 l-12 12"/>`;
};

const reaches: Readonly<Record<string, readonly string[]>> = {
  full: ['Nobody reaches it,', 'it reaches nobody'],
  forensic: ['Responders reach it;', 'out: forensic ways only'],
  'egress-lockdown': ['It goes on serving;', 'out: allow list only'],
};

const isCut = ({ interfaces }: Scene): Holds => {
  if (interfaces.length === 0) return 'unknown';
  if (interfaces.every(({ isolated }) => isolated === true)) return true;
  return interfaces.some(({ isolated }) => isolated === false) ? false : 'unknown';
};

const outsideOf = (scene: Scene, side: Side): Pick<Box, 'lines' | 'tone'> => {
  if (side === 'before') return { lines: ['Whoever its groups', 'let in and out'], tone: 'doubt' };
  const cut = isCut(scene);
  if (cut === true) {
    return {
      lines: reaches[scene.profile ?? ''] ?? ['In and out by the', 'isolation group alone'],
      tone: 'good',
    };
  }
  return {
    lines: cut === false ? ['NOT ALL IS CUT:', 'it is open'] : ['Not known to be cut', ''],
    tone: toneOfHolds(cut),
  };
};

const balancersOf = (
  { balancers, deregistered }: Scene,
  side: Side,
): Pick<Box, 'lines' | 'tone' | 'dashed'> => {
  if (balancers.length === 0) return { lines: ['none known'], tone: 'quiet', dashed: true };
  if (side === 'before') return { lines: firstOf(balancers, ''), tone: 'doubt' };
  const lines = deregistered === true ? ['taken out of all'] : ['NOT KNOWN TO BE OUT'];
  return { lines, tone: toneOfHolds(deregistered), dashed: true };
};

const interfaceBox = (one: SceneInterface, side: Side, y: number): Part => {
  const groups = side === 'before' ? one.before : one.after;
  const isolated = side === 'after' && one.isolated === true;
  const names = groups === undefined ? 'groups not read' : groups.join(' ');
  return draw({
    x: 22,
    y,
    width: 296,
    title: one.id,
    lines: [
      one.addresses.join(' '),
      isolated ? `isolated: ${names}` : side === 'after' ? `NOT SHOWN ISOLATED: ${names}` : names,
    ],
    tone: side === 'before' ? 'doubt' : toneOfHolds(one.isolated),
  });
};

const volumeLine = (one: SceneVolume, side: Side): string => {
  const deleted = side === 'before' ? one.deletedBefore : one.deletedAfter;
  const fate = deleted === undefined ? 'not read' : deleted ? 'lost if terminated' : 'kept';
  const snapshot = side === 'after' && one.snapshotId !== undefined ? ', snapshot' : '';
  return `${one.device} ${one.id}: ${fate}${snapshot}`;
};

/** The instance with its interfaces, inside its Auto Scaling group where it is in one. */
const instanceOf = (scene: Scene, side: Side, y: number): Part => {
  const inside = scene.group !== undefined && (side === 'before' || scene.detached !== true);
  const doubt = side === 'after' && scene.detached !== true ? ' (not known to be out)' : '';
  const top = inside ? y + 22 : y;
  const parts: Markup[] = [];
  let bottom = top + 28;
  for (const one of scene.interfaces.slice(0, drawnAtMost)) {
    const part = interfaceBox(one, side, bottom);
    parts.push(part.markup);
    bottom = part.bottom + 6;
  }
  const more = scene.interfaces.length - drawnAtMost + scene.furtherInterfaces;
  if (more > 0) {
    parts.push(
      html`<text class="small" x="24" y="${bottom + 12}">and ${more} more interfaces, see below</text>`,
    );
    bottom += 20;
  }
  const title = `${scene.instanceId} ${scene.type ?? ''}`;
  const frame = html`<rect class="host" x="12" y="${top}" width="316" height="${bottom + 2 - top}" rx="6"/><text class="label strong" x="22" y="${top + 19}">${fitted(title, 46)}</text>`;
  const group = inside
    ? html`<rect class="box doubt dashed" x="2" y="${y}" width="336" height="${bottom + 10 - y}" rx="8"/><text class="small" x="12" y="${y + 15}">${fitted(`Auto Scaling group ${scene.group}${doubt}`, 50)}</text>`
    : nothing;
  return { markup: html`${group}${frame}${parts}`, bottom: inside ? bottom + 10 : bottom + 2 };
};

/** The instance and its network before the case, or after it. */
export const drawNetwork = (scene: Scene, side: Side): Markup => {
  const outside = draw({ x: 0, y: 2, width: 164, title: 'The network', ...outsideOf(scene, side) });
  const balancers = draw({
    x: 176,
    y: 2,
    width: 164,
    title: 'Load balancers',
    ...balancersOf(scene, side),
  });
  const top = Math.max(outside.bottom, balancers.bottom) + 30;
  const host = instanceOf(scene, side, top);
  const volumes = draw({
    x: 0,
    y: host.bottom + 18,
    width,
    title: 'Volumes',
    lines: firstOf(
      scene.volumes.map((one) => volumeLine(one, side)),
      'volumes',
    ),
    tone: 'quiet',
  });
  const cut = side === 'before' ? false : isCut(scene);
  const served = side === 'before' ? false : scene.deregistered;
  const out = scene.balancers.length === 0 ? nothing : way(258, balancers.bottom, top, served);
  return html`<svg class="network" viewBox="0 0 ${width} ${volumes.bottom + 2}" width="${width}" height="${volumes.bottom + 2}" aria-hidden="true" focusable="false">
${way(82, outside.bottom, top, cut)}${out}${way(170, host.bottom, host.bottom + 18, false)}
${outside.markup}${balancers.markup}${host.markup}${volumes.markup}</svg>`;
};
