import type { Case } from '../case/case.ts';
import { quoted } from '../case/quoted.ts';
import type { CaseItem } from '../record/case-table/case-item.ts';
import { askedStatus, refusedStatus } from '../record/case-table/case-item.ts';
import { covers } from './covers.ts';

/** After its time the machine takes a moment to end a question; in milliseconds. */
const grace = 60_000;

const until = (iso: string): string => `${iso.slice(0, 16)}Z`;

/** Why a refusal covers a finding, or undefined where it is over, or the finding is more severe. */
export const coveredByRefusal = (
  { status, refusal }: CaseItem,
  { trigger }: Pick<Case, 'trigger'>,
  now: Date,
): string | undefined => {
  const covers =
    status === refusedStatus &&
    refusal !== undefined &&
    now.getTime() < Date.parse(refusal.until) &&
    (trigger.severity ?? 0) <= refusal.severity;
  return covers
    ? `The containment was refused by ${quoted(refusal.by)}; that stands until ${until(refusal.until)}, and for nothing more severe than ${refusal.severity}.`
    : undefined;
};

/** Under these the instance is cut, or will be without anybody being asked. */
const decided = ['held', 'contained', 'partial', 'releasing', 'release-incomplete'];

/** Whether what a case was noted with is as severe as this finding, and asks for no less. */
export const isAsSevere = ({ input }: CaseItem, theCase: Case): boolean =>
  covers(input, theCase) &&
  ((JSON.parse(input) as Case).trigger.severity ?? -1) >= (theCase.trigger.severity ?? -1);

/** The question that waits about a case, in a sentence; undefined where none does. */
export const waitingQuestion = (
  { caseId, status, question }: CaseItem,
  now: Date,
): string | undefined =>
  status === askedStatus &&
  question !== undefined &&
  now.getTime() < Date.parse(question.until) + grace
    ? `A person is asked about its case ${caseId} already, until ${until(question.until)}.`
    : undefined;

/** Why nobody is asked about an instance whose case is open; undefined where the question is due. */
export const notAskedAgain = (item: CaseItem, theCase: Case, now: Date): string | undefined => {
  const { caseId, status } = item;
  if (decided.includes(status)) return `Its case ${caseId} is open already: ${status}.`;
  const waiting = isAsSevere(item, theCase) ? waitingQuestion(item, now) : undefined;
  return waiting ?? coveredByRefusal(item, theCase, now);
};
