import type { DescribeDetail } from '../case/details.ts';
import type { ForensicPath } from '../case/forensic-path.ts';
import { oneLine } from '../case/one-line.ts';
import type { CaseReport } from '../case/report.ts';

/** `Forensic path: missing: …`. */
export const forensicPathLine = ({ sentence }: ForensicPath): string =>
  `Forensic path: ${oneLine(sentence)}`;

/** The same of a report; none where it does not say. */
export const forensicPathLines = ({ steps }: CaseReport): readonly string[] => {
  const detail = steps.find(({ step }) => step === 'describe')?.detail;
  const { forensicPath } = (detail ?? {}) as Partial<DescribeDetail>;
  // Whoever may start an execution writes the report's input.
  return typeof forensicPath?.sentence === 'string' ? [forensicPathLine(forensicPath)] : [];
};
