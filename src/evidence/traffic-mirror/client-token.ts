import { createHash } from 'node:crypto';

/**
 * The same for the same thing of the same case, so that a call that is repeated makes nothing a second time
 * (https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-idempotency.html). At most 64 characters.
 */
export const clientToken = (...parts: readonly (string | number)[]): string =>
  `cordon-${createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40)}`;
