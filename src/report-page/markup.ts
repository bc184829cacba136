import { hiddenEscaped } from '../case/one-line.ts';

/** No JSON has a key that is a symbol: what was read from outside is never taken for markup. */
const made = Symbol('markup');

/** Text that is HTML or SVG already, made by `html` alone. */
export interface Markup {
  readonly [made]: string;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

/** A flood of marks over a letter covers the lines around. */
const flood = /(\p{M}{3})\p{M}+/gu;

/**
 * Any text as the content of an element or of an attribute between double quotation marks. What cannot be
 * seen, or turns the direction of reading around, is shown as its code.
 */
export const escaped = (text: string): string =>
  text
    .toWellFormed()
    .split('\n')
    .map(hiddenEscaped)
    .join('\n')
    .replace(flood, (_, marks: string) => marks)
    .replace(/[&<>"'`]/g, (sign) => entities[sign] ?? '');

type Value = string | number | Markup | readonly Markup[];

const isMarkup = (value: unknown): value is Markup =>
  typeof value === 'object' && value !== null && made in value;

const written = (value: Value): string => {
  if (isMarkup(value)) return value[made];
  if (Array.isArray(value)) return value.map(written).join('');
  // What has another type than it should is shown as it was read.
  return escaped(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
};

/** Markup from its fixed parts and values: every value that is no markup is escaped. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Markup => ({
  [made]: parts
    .map((part, at) => `${part}${at < values.length ? written(values[at] ?? '') : ''}`)
    .join(''),
});

export const nothing: Markup = html``;

/** The text of markup, to be stored. */
export const textOfMarkup = (markup: Markup): string => markup[made];

/** A style sheet of Cordon's own, which holds nothing from outside. */
export const ownStyle = (css: string): Markup => ({ [made]: css });
