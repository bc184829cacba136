import type { ReinforcementName } from '../actions/index.ts';
import { reinforcementNamed, reinforcementNames } from '../actions/index.ts';
import { foreignEndpoints, ignoresOverrides } from '../aws/endpoint-overrides.ts';
import { InvalidSettingsError } from '../case/errors.ts';
import type { KnownAllowances } from '../case/isolation-group.ts';
import type { IsolationProfile } from '../case/isolation-profile.ts';
import type { AskDefault } from '../case/question.ts';
import type { Rule } from '../case/security-group.ts';
import type { PolicySettings } from '../triggers/policy.ts';
import { flag } from './setting-values.ts';
import { variables } from './setting-variables.ts';

/** Template parameters, as the functions see them. */
export interface Settings extends PolicySettings {
  /** How many instances are cut in an hour for findings of GuardDuty below severity 9. */
  readonly brakeCasesPerHour: number;
  /** The share of an Auto Scaling group that is cut in an hour, in percent; its first member always. */
  readonly brakeGroupPercent: number;
  /** Whether the case is noted in the finding of Security Hub that began it. */
  readonly updateSecurityHub: boolean;
  /** How long a question waits for an answer, in minutes. */
  readonly askTimeoutMinutes: number;
  /** What happens to the instance where nobody answers. */
  readonly askDefault: AskDefault;
  /** Empty: messages go to the log. */
  readonly notificationTopicArn: string;
  /** The key that seals trails; empty: they are not sealed. */
  readonly trailKeyArn: string;
  /** The document by which hosts are cut; empty: there is none. */
  readonly hostDocumentName: string;
  /** A topic of its own for Amazon Q Developer in chat applications; empty: no chat. */
  readonly chatTopicArn: string;
  readonly connectionCut: 'transition' | 'none';
  readonly transitionHoldSeconds: number;
  readonly isolationProfile: IsolationProfile;
  readonly forensicCidrs: readonly string[];
  /** The group of the responders' hosts, or empty. */
  readonly forensicSecurityGroupId: string;
  /** The bucket that an isolated instance may write to under the profile forensic, or empty. */
  readonly forensicUploadBucket: string;
  /** What a server may still reach under the profile egress-lockdown. */
  readonly egressAllowList: readonly Rule[];
  /** How the instance leaves its Auto Scaling group. */
  readonly detachMode: 'detach' | 'standby';
  /** The actions beyond the groups that were opted into. */
  readonly optedInto: readonly ReinforcementName[];
  /** Ranges that are never denied in a network ACL. */
  readonly naclAllowList: readonly string[];
  /** Whether the traffic of contained interfaces is logged and read: the measured cut. */
  readonly flowLogs: boolean;
  /** Where the traffic of contained interfaces is mirrored to; empty: nowhere. */
  readonly mirrorTargetId: string;
  /** How completed snapshots are locked against deletion. */
  readonly snapshotLock: 'none' | 'governance' | 'compliance';
  /** For how many days snapshots are locked. */
  readonly snapshotLockDays: number;
  /** The account of the examiners, which gets the snapshots; empty: they stay. */
  readonly forensicAccountId: string;
  /** The key under which snapshots are copied for that account, or empty. */
  readonly forensicKmsKeyArn: string;
  /** The snapshot with the examiners' tools for memory; empty: no memory is collected. */
  readonly toolkitSnapshotId: string;
  /** For how many minutes a person may put memory before the cut; 0: never. */
  readonly memoryFirstMinutes: number;
  /** What happens when a contained instance is found open again. */
  readonly onDrift: 'alert' | 'enforce';
  /** After how many hours an open case is to be looked at again; 0: never. */
  readonly reviewAfterHours: number;
}

export interface SettingsReading {
  readonly settings: Settings;
  /** One sentence per variable that was not understood and replaced by its default. */
  readonly warnings: readonly string[];
}

const words = (name: string, value: string, accepts: string): string =>
  `${name} is "${value.slice(0, 80)}"; accepted is ${accepts}`;

/** The word that `sam local invoke` leaves where the template says `!Ref Something`. */
const samPlaceholders: Readonly<Record<string, RegExp>> = {
  MODE: /^Mode$/,
  NOTIFICATION_TOPIC_ARN: /^(?!arn:)/,
  CHAT_TOPIC_ARN: /^(?!arn:)/,
  TRAIL_KEY_ARN: /^(?!arn:)/,
};

const isPlaceholder = (name: string, value: string, byHand: boolean): boolean =>
  byHand && samPlaceholders[name]?.test(value) === true;

/** The actions whose variables say `true`. */
const optIns = (
  environment: Readonly<Record<string, string | undefined>>,
  warnings: string[],
): readonly ReinforcementName[] =>
  reinforcementNames.flatMap((name) => {
    const { optIn } = reinforcementNamed(name);
    const value = optIn === undefined ? '' : (environment[optIn]?.trim() ?? '');
    if (optIn === undefined || value === '') return [];
    const parsed = flag.safeParse(value);
    if (!parsed.success) warnings.push(words(optIn, value, 'true or false'));
    return parsed.success && parsed.data ? [name] : [];
  });

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
  const optedInto = optIns(environment, warnings);
  if (
    values.isolationProfile === 'forensic' &&
    (values.forensicCidrs as string[]).length === 0 &&
    values.forensicSecurityGroupId === ''
  ) {
    warnings.push(
      'ISOLATION_PROFILE is "forensic", but neither FORENSIC_CIDRS nor FORENSIC_SECURITY_GROUP_ID names who may enter',
    );
  }
  // In Lambda it is ignored, and told.
  if (!byHand || !ignoresOverrides(environment)) warnings.push(...foreignEndpoints(environment));
  if (byHand && warnings.length > 0) throw new InvalidSettingsError(`${warnings.join('; ')}.`);
  return { settings: { ...values, optedInto } as unknown as Settings, warnings };
};

/** What the settings alone say of the rules that isolation groups may have. */
export const allowancesOf = (settings: Settings): KnownAllowances => ({
  access: {
    cidrs: settings.forensicCidrs,
    ...(settings.forensicSecurityGroupId === ''
      ? {}
      : { securityGroupId: settings.forensicSecurityGroupId }),
    systemsManagerGroupIds: [],
  },
  egressAllowList: settings.egressAllowList,
});
