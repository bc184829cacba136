import type { State } from './check.ts';
import type { Line } from './examine.ts';

/** Columns of the narrowest terminal. */
const columns = 80;

const countOf = (lines: readonly Line[], state: State): number =>
  lines.filter((one) => one.state === state).length;

/** The verdict, in its first words; the first and the last line of the answer. */
export const doctorVerdict = (lines: readonly Line[]): string => {
  const [failed, warned] = [countOf(lines, 'FAIL'), countOf(lines, 'warn')];
  const word = failed > 0 ? 'NOT READY' : warned > 0 ? 'READY, WITH WARNINGS' : 'READY';
  return `${word}: ${failed} FAIL, ${warned} warn, ${countOf(lines, 'ok')} ok`;
};

/** Words in lines of at most so many characters; a word that is longer is broken. */
const wrapped = (text: string, width: number): readonly string[] => {
  const pieces = text
    .split(' ')
    .flatMap((word) => word.match(new RegExp(`.{1,${width}}`, 'gu')) ?? []);
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${piece}`.length <= width) {
      lines[lines.length - 1] = `${last} ${piece}`;
    } else lines.push(piece);
  }
  return lines;
};

/** Each state in the width of the longest, and each name likewise. */
const row = ({ state, check, says, remedy }: Line, nameWidth: number): readonly string[] => {
  const head = `${state.padEnd(4)}  ${check.padEnd(nameWidth)}  `;
  const text = remedy === undefined ? says : `${says} → ${remedy}`;
  return wrapped(text, columns - head.length).map((line, index) =>
    index === 0 ? `${head}${line}` : `${' '.repeat(head.length)}${line}`,
  );
};

/** What a person reads, in 80 columns. */
export const doctorText = (lines: readonly Line[]): string => {
  const nameWidth = Math.max(0, ...lines.map(({ check }) => check.length));
  const verdict = doctorVerdict(lines);
  return [verdict, ...lines.flatMap((line) => row(line, nameWidth)), verdict].join('\n');
};
