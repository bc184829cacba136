import * as z from 'zod/mini';
import { canonicalCidr, isCidr, prefixLength } from '../case/address.ts';
import { parseEgressAllowance } from '../case/egress-allow-list.ts';
import type { Rule } from '../case/security-group.ts';

export const numberBetween = (minimum: number, maximum: number) =>
  z.pipe(
    z.pipe(
      z.string().check(z.regex(/^\d+(?:\.\d+)?$/)),
      z.transform((text: string) => Number(text)),
    ),
    z.number().check(z.minimum(minimum), z.maximum(maximum)),
  );

const listOf = (text: string): string[] => text.split(/[\s,]+/).filter((one) => one !== '');

export const cidrList = z.pipe(
  z.pipe(z.string(), z.transform(listOf)),
  z.array(
    z.pipe(
      z
        .string()
        .check(
          z.refine((cidr) => isCidr(cidr) && prefixLength(cidr) > 0, 'no range, or everybody'),
        ),
      z.transform(canonicalCidr),
    ),
  ),
);

export const egressAllowList = z.pipe(
  z.pipe(z.string(), z.transform(listOf)),
  z.pipe(
    z.array(
      z
        .string()
        .check(
          z.refine((text) => parseEgressAllowance(text) !== undefined, 'no way out, or everywhere'),
        ),
    ),
    z.transform((texts: string[]) => texts.map((text) => parseEgressAllowance(text) as Rule)),
  ),
);

/** Names may hold spaces, so commas alone separate them. */
const byCommas = (text: string): string[] =>
  text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');

const globsOf = (signs: RegExp) =>
  z.pipe(
    z.pipe(z.string(), z.transform(byCommas)),
    z.array(z.string().check(z.maxLength(255), z.regex(signs))),
  );

export const typeGlobs = globsOf(/^[\w:/&!.*?-]+$/);

export const nameGlobs = globsOf(/^\P{C}+$/u);

export const accountIds = z.pipe(
  z.pipe(z.string(), z.transform(byCommas)),
  z.array(z.string().check(z.regex(/^\d{12}$/))),
);

export const modes = ['observe', 'ask', 'contain'] as const;

export const modeBySeverity = z.pipe(
  z.pipe(
    z
      .string()
      .check(z.regex(/^(?:\s*(?:low|medium|high|critical)=(?:observe|ask|contain)\s*(?:,|$))+$/)),
    z.transform((text: string) =>
      Object.fromEntries(byCommas(text).map((one) => one.split('=') as [string, string])),
    ),
  ),
  z.record(z.string(), z.enum(modes)),
);

/** `true` or `false`, as CloudFormation hands them on. */
export const flag = z.pipe(
  z.enum(['true', 'false']),
  z.transform((text: 'true' | 'false') => text === 'true'),
);

export const topicArn = z
  .string()
  .check(z.regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/));

export const keyArn = z
  .string()
  .check(z.regex(/^arn:[a-z-]+:kms:[a-z0-9-]+:\d{12}:key\/[\w-]{1,64}$/));
