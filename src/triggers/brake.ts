import type { Trigger } from '../case/case.ts';
import { isAskedByPerson } from '../case/case.ts';
import { criticalSeverity } from './policy.ts';

/** How many instances may be cut in an hour for triggers of one kind. */
export interface Budget {
  readonly name: string;
  readonly limit: number;
  /** True: it is so severe that nothing but its own budget holds it back. */
  readonly isCritical: boolean;
  /** For a sentence: `GuardDuty below severity 9`. */
  readonly words: string;
}

/** Findings of GuardDuty that are critical have a budget that no storm of lesser ones uses up. */
const criticalLimit = 20;
const otherLimit = 5;

/**
 * The budget that a trigger draws on, so that decoys of one kind never hold back another. A person is
 * not braked.
 */
export const budgetFor = (
  trigger: Pick<Trigger, 'source' | 'id' | 'severity'>,
  { brakeCasesPerHour }: { readonly brakeCasesPerHour: number },
): Budget | undefined => {
  if (isAskedByPerson(trigger)) return undefined;
  const { source, severity } = trigger;
  if (source !== 'guardduty') {
    return {
      name: source,
      limit: otherLimit,
      isCritical: false,
      words: `triggers of the source ${source}`,
    };
  }
  return severity !== null && severity >= criticalSeverity
    ? {
        name: 'guardduty-critical',
        limit: criticalLimit,
        isCritical: true,
        words: `GuardDuty at severity ${criticalSeverity} and above`,
      }
    : {
        name: 'guardduty',
        limit: brakeCasesPerHour,
        isCritical: false,
        words: `GuardDuty below severity ${criticalSeverity}`,
      };
};

export const reasonOfBrake = ({ limit, words }: Budget): string =>
  `The brake holds it back: ${limit} instances were cut in this hour for ${words}. A person who contains it is not braked.`;
