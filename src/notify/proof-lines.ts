import type { Control } from '../case/control.ts';
import { oneLine } from '../case/one-line.ts';
import type { CaseReport } from '../case/report.ts';
import { clockTime } from './clock-time.ts';

const holdsWord = {
  true: 'holds',
  false: 'DOES NOT HOLD',
  unknown: 'UNKNOWN',
  'not-applicable': 'not applicable',
} as const;

/** One line per control: whether it holds, and what was seen. */
export const proofLines = (proof: readonly Control[]): string[] =>
  proof.map(
    ({ control, holds, observed }) =>
      `${holdsWord[String(holds) as keyof typeof holdsWord]}: ${control}: ${oneLine(observed).slice(0, 300)}`,
  );

/** How many required controls hold, and each control that does not or is not known to. */
export const proofSummary = ({ proof }: CaseReport): string[] => {
  if (proof.length === 0) return [];
  const required = proof.filter((one) => one.required);
  const held = required.filter(({ holds }) => holds === true).length;
  const open = proof.filter((one) => one.holds === false || one.holds === 'unknown');
  return [
    `${held} of ${required.length} required controls hold, read at ${clockTime(proof.at(-1)?.readAt)}`,
    ...proofLines(open),
  ];
};
