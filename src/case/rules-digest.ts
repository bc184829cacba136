import { createHash } from 'node:crypto';
import type { SecurityGroup } from './security-group.ts';
import { describeRule } from './security-group.ts';

/**
 * The rules of a group in eight hexadecimal digits, whatever order AWS gives them in: enough to notice
 * that somebody has changed them between containment and release.
 */
export const rulesDigest = ({ rules }: Pick<SecurityGroup, 'rules'>): string =>
  createHash('sha256')
    .update(rules.map(describeRule).toSorted().join('\n'))
    .digest('hex')
    .slice(0, 8);
