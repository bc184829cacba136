import { wholeTagValue } from './tag-value.ts';

export const beforeProfileTag = 'cordon:before:profile';

const pattern = /^arn:[a-z0-9-]+:iam::\d{12}:instance-profile\/[\x21-\x7e]+$/;

/** The ARN of the instance profile; undefined where a tag cannot hold it: a path alone may have 512. */
export const writeProfile = (arn: string): string | undefined =>
  pattern.test(arn) ? wholeTagValue(arn) : undefined;

/** The ARN that the tag holds; undefined for a value of another form. */
export const readProfile = (value: string): string | undefined => writeProfile(value);
