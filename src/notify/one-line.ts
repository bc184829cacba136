/**
 * Text that comes from a finding, a tag or a person, on one line: without control characters,
 * which terminals obey, and without invisible ones, which turn what is read around.
 */
export const oneLine = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
