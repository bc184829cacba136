import { caseInstanceOf, instanceIdPattern } from '../src/case/case.ts';
import { UnintelligibleEventError } from '../src/case/errors.ts';

/**
 * The instance that a person means, and the case if it was named.
 *
 * @throws UnintelligibleEventError for anything that is the id of neither.
 */
export const subjectOf = (text: string): { instanceId: string; caseId?: string } => {
  if (instanceIdPattern.test(text)) return { instanceId: text };
  const instanceId = caseInstanceOf(text);
  if (instanceId !== undefined) return { instanceId, caseId: text };
  throw new UnintelligibleEventError(
    `"${text}" is neither a case id (20261120T0300Z-i-…) nor an instance id (i- and 8 or 17 hexadecimal digits).`,
  );
};
