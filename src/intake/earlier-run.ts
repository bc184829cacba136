import type { Case, EarlierRun } from '../case/case.ts';
import { profileOf } from '../case/case.ts';
import { keepsServing } from '../case/isolation-profile.ts';
import type { CaseItem } from '../record/case-table/case-item.ts';

/**
 * For how long after the cut traffic may still be seen, in milliseconds: flows are reported by the
 * minute, and GuardDuty takes some of them to its finding.
 */
const stillToBeSeen = 600_000;

/** Under these the instance was isolated, as far as was read. */
const isolated = ['contained', 'partial', 'running'];

/** A server that goes on serving is spoken to: only what it begins itself tells of a way out. */
const talks = (theCase: Case, settings: Parameters<typeof profileOf>[1]): boolean =>
  theCase.trigger.activity === 'outbound' ||
  (theCase.trigger.activity === 'inbound' && !keepsServing(profileOf(theCase, settings)));

/**
 * How the case stands, for the run that a finding begins: whether it saw traffic that nothing blocked
 * more than ten minutes after the cut. Names that are looked up and connections that are blocked are
 * expected of a host that was cut off.
 */
export const earlierRun = (
  { status, cutAt }: CaseItem,
  theCase: Case,
  settings: Parameters<typeof profileOf>[1],
): EarlierRun => {
  const after = cutAt === undefined ? Number.NaN : Date.parse(cutAt) + stillToBeSeen;
  const isActive =
    isolated.includes(status) && talks(theCase, settings) && Date.parse(theCase.trigger.at) > after;
  return { status, ...(isActive && cutAt !== undefined ? { activeAfterCut: cutAt } : {}) };
};
