import { oneLine } from '../case/one-line.ts';
import type { ResidualRisk } from '../case/risk.ts';

/** Two lines per risk: what it is, and what to do about it. */
export const riskLines = (risks: readonly ResidualRisk[]): string[] =>
  risks.flatMap(({ risk, explanation, remedy }) => [
    `${risk}: ${oneLine(explanation)}`,
    `  do: ${oneLine(remedy)}`,
  ]);
