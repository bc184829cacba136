import { caseInstanceOf, instanceIdPattern } from '../src/case/case.ts';
import { UnintelligibleEventError } from '../src/case/errors.ts';
import { quoted } from '../src/case/quoted.ts';

/** The instance that a person means, and the case if it was named. */
export interface Subject {
  readonly instanceId: string;
  readonly caseId?: string;
}

/** Begins as an id of an instance, a case or a dry run does: a typing error in it must not pass for a name. */
const meantAsId = /^(?:i-|(?:dry-)?\d{8}T\d{4})/;

/** The longest value of a tag (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_Tags.html). */
const longestName = 256;

/** The subject that an id names; undefined for the id of neither. */
export const subjectById = (text: string): Subject | undefined => {
  if (instanceIdPattern.test(text)) return { instanceId: text };
  const instanceId = caseInstanceOf(text);
  return instanceId === undefined ? undefined : { instanceId, caseId: text };
};

/**
 * Refuses what can be no id, no name and no address, before AWS is asked anything.
 *
 * @throws UnintelligibleEventError for it.
 */
export const requireSubject = (text: string): void => {
  if (subjectById(text) !== undefined) return;
  if (text !== '' && text.length <= longestName && !meantAsId.test(text)) return;
  throw new UnintelligibleEventError(
    `${quoted(text, 80)} is no instance id (i- and 8 or 17 hexadecimal digits), no case id (20261120T0300Z-i-…), and no name or private address of an instance.`,
  );
};
