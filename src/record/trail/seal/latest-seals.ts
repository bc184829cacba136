import type { JournalCase } from '../journal.ts';
import { sealTag } from '../keys.ts';
import { readSeal } from './seal-value.ts';

/** The latest seal of each resource that any of several journals of a case knows. */
export const latestSeals = (
  journals: readonly JournalCase[],
  caseId: string,
): Readonly<Record<string, string>> => {
  const latest: Record<string, string> = {};
  for (const { values } of journals.filter((one) => one.caseId === caseId)) {
    for (const [resource, tags] of Object.entries(values)) {
      const value = tags[sealTag] ?? '';
      const seq = readSeal(value)?.seq ?? 0;
      if (seq > (readSeal(latest[resource] ?? '')?.seq ?? 0)) latest[resource] = value;
    }
  }
  return latest;
};
