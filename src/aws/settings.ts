import * as z from 'zod/mini';
import { canonicalCidr, isCidr, prefixLength } from '../case/address.ts';
import { InvalidSettingsError } from '../case/errors.ts';
import type { IsolationProfile } from '../case/isolation-group.ts';
import { isolationProfiles } from '../case/isolation-group.ts';

/** Template parameters, as the functions see them. */
export interface Settings {
  /** Governs automatic triggers; a manual one contains unless it says `dryRun`. */
  readonly mode: 'observe' | 'contain';
  /** Empty: messages go to the log. */
  readonly notificationTopicArn: string;
  /** A topic of its own for Amazon Q Developer in chat applications; empty: no chat. */
  readonly chatTopicArn: string;
  /** On GuardDuty's scale, 0 to 10. */
  readonly minimumSeverity: number;
  readonly connectionCut: 'transition' | 'none';
  readonly transitionHoldSeconds: number;
  readonly isolationProfile: IsolationProfile;
  readonly forensicCidrs: readonly string[];
  /** `key=value`, or empty. */
  readonly exemptTag: string;
}

export interface SettingsReading {
  readonly settings: Settings;
  /** One sentence per variable that was not understood and replaced by its default. */
  readonly warnings: readonly string[];
}

const numberBetween = (minimum: number, maximum: number) =>
  z.pipe(
    z.pipe(
      z.string().check(z.regex(/^\d+(?:\.\d+)?$/)),
      z.transform((text: string) => Number(text)),
    ),
    z.number().check(z.minimum(minimum), z.maximum(maximum)),
  );

const cidrList = z.pipe(
  z.pipe(
    z.string(),
    z.transform((text: string) => text.split(/[\s,]+/).filter((cidr) => cidr !== '')),
  ),
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

const topicArn = z.string().check(z.regex(/^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]{1,256}$/));

/** One row per variable: its schema, its default at run time, and what it accepts, in words. */
const variables = {
  MODE: {
    key: 'mode',
    schema: z.enum(['observe', 'contain']),
    fallback: 'observe',
    accepts: 'observe or contain',
  },
  NOTIFICATION_TOPIC_ARN: {
    key: 'notificationTopicArn',
    schema: topicArn,
    fallback: '',
    accepts: 'the ARN of an SNS topic',
  },
  CHAT_TOPIC_ARN: {
    key: 'chatTopicArn',
    schema: topicArn,
    fallback: '',
    accepts: 'the ARN of an SNS topic',
  },
  MINIMUM_SEVERITY: {
    key: 'minimumSeverity',
    schema: numberBetween(0, 10),
    fallback: 7,
    accepts: 'a number from 0 to 10',
  },
  CONNECTION_CUT: {
    key: 'connectionCut',
    schema: z.enum(['transition', 'none']),
    fallback: 'transition',
    accepts: 'transition or none',
  },
  TRANSITION_HOLD_SECONDS: {
    key: 'transitionHoldSeconds',
    schema: numberBetween(0, 60),
    fallback: 1,
    accepts: 'a number of seconds from 0 to 60',
  },
  ISOLATION_PROFILE: {
    key: 'isolationProfile',
    schema: z.enum(isolationProfiles),
    fallback: 'full',
    accepts: isolationProfiles.join(' or '),
  },
  FORENSIC_CIDRS: {
    key: 'forensicCidrs',
    schema: cidrList,
    fallback: [] as string[],
    accepts: 'address ranges such as 203.0.113.0/24, separated by commas, never /0',
  },
  EXEMPT_TAG: {
    key: 'exemptTag',
    schema: z.string().check(z.regex(/^[^=]{1,128}=.{0,256}$/)),
    fallback: '',
    accepts: 'key=value',
  },
} as const;

const words = (name: string, value: string, accepts: string): string =>
  `${name} is "${value.slice(0, 80)}"; accepted is ${accepts}`;

/** The word that `sam local invoke` leaves where the template says `!Ref Something`. */
const samPlaceholders: Readonly<Record<string, RegExp>> = {
  MODE: /^Mode$/,
  NOTIFICATION_TOPIC_ARN: /^(?!arn:)/,
  CHAT_TOPIC_ARN: /^(?!arn:)/,
};

const isPlaceholder = (name: string, value: string, byHand: boolean): boolean =>
  byHand && samPlaceholders[name]?.test(value) === true;

/**
 * The settings from the environment. In Lambda a wrong value is replaced by its default and
 * reported, because a typo must not cost the cut; by hand (`AWS_SAM_LOCAL`, the CLI) it is refused.
 *
 * @throws InvalidSettingsError by hand, naming every wrong variable.
 */
export const readSettings = (
  environment: Readonly<Record<string, string | undefined>>,
): SettingsReading => {
  const byHand = environment.AWS_SAM_LOCAL === 'true';
  const warnings: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, { key, schema, fallback, accepts }] of Object.entries(variables)) {
    const value = environment[name]?.trim() ?? '';
    values[key] = name === 'MODE' && byHand ? 'contain' : fallback;
    if (value === '' || isPlaceholder(name, value, byHand)) continue;
    const parsed = schema.safeParse(value);
    if (parsed.success) values[key] = parsed.data;
    else warnings.push(words(name, value, accepts));
  }
  if (values.isolationProfile === 'forensic' && (values.forensicCidrs as string[]).length === 0) {
    warnings.push('ISOLATION_PROFILE is "forensic", but FORENSIC_CIDRS names nobody who may enter');
  }
  if (byHand && warnings.length > 0) throw new InvalidSettingsError(`${warnings.join('; ')}.`);
  return { settings: values as unknown as Settings, warnings };
};
