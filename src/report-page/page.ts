import type { Markup } from './markup.ts';

/** What a value means for the reader; it is always said in words too. */
export type Tone = 'good' | 'bad' | 'doubt' | 'quiet';

/** A value of a table; it may have several lines. */
export type Cell = string | { readonly text: string; readonly tone?: Tone; readonly code?: true };

/** A drawing; a page for a printer or a telephone may show another one than a wide screen. */
export interface Picture {
  readonly title: string;
  /** The same in words, for who cannot see it. */
  readonly words: string;
  readonly drawing: Markup;
  /** Only on screens that are at least, or less than, some 700 pixels wide. */
  readonly only?: 'wide' | 'narrow';
}

/** A part of a section. */
export type Block =
  | { readonly kind: 'text'; readonly text: string; readonly tone?: Tone }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [string, Cell])[] }
  | {
      readonly kind: 'table';
      readonly head: readonly string[];
      readonly rows: readonly (readonly Cell[])[];
    }
  | { readonly kind: 'commands'; readonly lines: readonly string[] }
  | { readonly kind: 'pictures'; readonly pictures: readonly Picture[] };

export interface Section {
  /** Unique in the page. */
  readonly id: string;
  readonly title: string;
  readonly blocks: readonly Block[];
}

/** A number that is read first. */
export interface Figure {
  readonly value: string;
  readonly label: string;
  readonly tone: Tone;
}

/** A whole report, before it is written as HTML or Markdown. */
export interface Page {
  readonly title: string;
  /** The verdict in a few words, and what it means in a sentence. */
  readonly verdict: string;
  readonly meaning: string;
  readonly tone: Tone;
  /** What the reader must know before believing the page. */
  readonly cautions: readonly string[];
  readonly figures: readonly Figure[];
  readonly sections: readonly Section[];
  /** Where it was read, and when the page was made. */
  readonly foot: string;
}

/** How much a page may hold, so that it stays a file that can be sent. */
export interface Room {
  /** The most rows of a list. */
  readonly rows: number;
  /** The most characters of a value. */
  readonly characters: number;
}

/** As many as fit, with a sentence that says how many are left out and where they are. */
export const capped = <Value>(
  values: readonly Value[],
  { rows }: Room,
  where: string,
): { readonly shown: readonly Value[]; readonly leftOut: readonly Block[] } => ({
  shown: values.slice(0, rows),
  leftOut:
    values.length <= rows
      ? []
      : [
          {
            kind: 'text',
            tone: 'quiet',
            text: `${values.length - rows} of ${values.length} are left out here; ${where}`,
          },
        ],
});
