import { variables } from '../src/settings/setting-variables.ts';

/**
 * After how many hours an open case is to be looked at again, as the stack says in its outputs; the
 * default of the template where an older stack, or none, says nothing.
 */
export const reviewHoursIn = ({
  ReviewAfterHours = '',
}: Readonly<Record<string, string>>): number => {
  const { schema, fallback } = variables.REVIEW_AFTER_HOURS;
  return schema.safeParse(ReviewAfterHours).data ?? fallback;
};
