import { defined } from '../case/defined.ts';
import type { NamedInstance } from './containment-request.ts';
import { matching } from './glob.ts';
import type { Subject } from './subject.ts';

/** What automatic triggers do. */
export type Mode = 'observe' | 'ask' | 'contain';

/** GuardDuty's names of severities, each with its lower end. */
export const bands = [
  ['critical', 9],
  ['high', 7],
  ['medium', 4],
  ['low', 0],
] as const;

export type Band = (typeof bands)[number][0];

/** From here on nothing that an attacker could have written delays a containment. */
export const criticalSeverity = 9;

/** What decides whether a trigger contains an instance. */
export interface PolicySettings {
  /** Governs automatic triggers; a person's request contains unless it says `dryRun`. */
  readonly mode: Mode;
  /** Modes of single bands, instead of the mode for all. */
  readonly modeBySeverity: Readonly<Partial<Record<Band, Mode>>>;
  /** On GuardDuty's scale, 0 to 10. */
  readonly minimumSeverity: number;
  /** Globs over finding types; empty takes all. */
  readonly includeTypes: readonly string[];
  readonly excludeTypes: readonly string[];
  /** Globs over names of alarms; only these contain. */
  readonly alarmNames: readonly string[];
  readonly exemptAccounts: readonly string[];
  /** `key=value`, or empty. */
  readonly exemptTag: string;
  /** What happens to hosts that run the workloads of others too. */
  readonly containerHosts: 'ask' | 'contain';
  /** Whether credentials used elsewhere contain the instance that they are of. */
  readonly containExfiltration: boolean;
}

/**
 * These findings say that somebody tries to get in, not that somebody is in; as ACTOR the same
 * types mean that the instance attacks others
 * (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-ec2.html).
 */
const attackedFromOutside =
  /^(?:UnauthorizedAccess:EC2\/(?:SSH|RDP)BruteForce|Impact:EC2\/WinRMBruteForce|Recon:EC2\/PortProbe)/;

const ofType = (type: string, settings: PolicySettings): string | undefined => {
  // What could not be read has no type that a list could mean.
  if (type === 'unknown') return undefined;
  const excluded = matching(settings.excludeTypes, type);
  if (excluded !== undefined) return `ExcludeTypes names its type by ${excluded}.`;
  return settings.includeTypes.length > 0 && matching(settings.includeTypes, type) === undefined
    ? 'IncludeTypes does not name its type.'
    : undefined;
};

/**
 * Why a trigger contains nobody, or undefined when it may. A manual trigger always may: somebody has
 * decided already.
 */
export const reasonToSkip = (subject: Subject, settings: PolicySettings): string | undefined => {
  const { source, type, severity } = subject;
  if (source === 'manual') return undefined;
  if (subject.sample) return 'It is a sample finding.';
  if (subject.archived) return 'The finding is archived.';
  if (subject.dismissal !== undefined) return subject.dismissal;
  if (source === 'cloudwatch-alarm') {
    return matching(settings.alarmNames, type) === undefined
      ? 'An alarm is no evidence by itself, and AlarmNames does not name this one.'
      : undefined;
  }
  const typed = subject.isOrder === true ? undefined : ofType(type, settings);
  if (typed !== undefined) return typed;
  if (subject.isOrder !== true && severity !== null && severity < settings.minimumSeverity) {
    return `Its severity ${severity} is below MinimumSeverity ${settings.minimumSeverity}.`;
  }
  if (subject.resourceRole === 'TARGET' && attackedFromOutside.test(type)) {
    return 'The instance is the target of the attempt, which is no sign that it is compromised.';
  }
  return undefined;
};

/**
 * Whether somebody waits for a containment that a skip denies: whoever gave an order, and whoever named
 * an alarm that does not say which of several instances it is about.
 */
export const isWaitedFor = (subject: Subject, settings: PolicySettings): boolean =>
  subject.isOrder === true ||
  (subject.isAmbiguous === true && matching(settings.alarmNames, subject.type) !== undefined);

/** Why one instance is left alone where others would be contained; a person is told. */
export const reasonToSpare = (
  subject: Subject,
  { accountId }: NamedInstance,
  settings: PolicySettings,
): string | undefined => {
  if (subject.source === 'manual') return undefined;
  if (accountId !== undefined && settings.exemptAccounts.includes(accountId)) {
    return `ExemptAccounts names its account ${accountId}.`;
  }
  return subject.exfiltration === true && !settings.containExfiltration
    ? 'Credentials of the instance were used elsewhere, and ContainExfiltration is not set.'
    : undefined;
};

const carries = (tags: Readonly<Record<string, string>>, exemptTag: string): boolean => {
  const at = exemptTag.indexOf('=');
  if (at <= 0) return false;
  const key = exemptTag.slice(0, at);
  return Object.hasOwn(tags, key) && tags[key] === exemptTag.slice(at + 1);
};

/** What whoever may tag the instance could have written counts below this severity only. */
const forgeableCounts = (severity: number | null): boolean =>
  severity === null || severity < criticalSeverity;

/**
 * Why the exempting tag makes a person be asked, or undefined where it does not: an empty setting
 * exempts nothing, and from severity 9 on the tag counts for nothing.
 */
export const exemptionOf = (
  tags: Readonly<Record<string, string>>,
  severity: number | null,
  exemptTag: string,
): string | undefined =>
  forgeableCounts(severity) && carries(tags, exemptTag)
    ? `The instance carries the tag ${exemptTag}, which whoever may tag it can write.`
    : undefined;

/**
 * Why a person is asked by what the host is and what it carries: the exempting tag, or others whom the
 * cut would hit too. Decided by what a finding says of the instance, and again by what EC2 shows of it.
 */
export const reasonOfHost = (
  { tags, sharedHost }: Pick<NamedInstance, 'tags' | 'sharedHost'>,
  severity: number | null,
  { exemptTag, containerHosts }: Pick<PolicySettings, 'exemptTag' | 'containerHosts'>,
): string | undefined => {
  const exemption = exemptionOf(tags, severity, exemptTag);
  if (exemption !== undefined) return exemption;
  const counts =
    sharedHost !== undefined &&
    containerHosts === 'ask' &&
    (forgeableCounts(severity) || !sharedHost.forgeable);
  return counts ? `Others depend on this host: ${sharedHost.reason}.` : undefined;
};

/** The mode for a severity; one that is unknown goes by the mode for all. */
export const modeFor = (severity: number | null, settings: PolicySettings): Mode => {
  const band = bands.find(([, from]) => severity !== null && severity >= from)?.[0];
  return (band === undefined ? undefined : settings.modeBySeverity[band]) ?? settings.mode;
};

/**
 * Why a person is asked before the instance is cut off, or undefined when it is cut at once. What an
 * attacker could have written makes Cordon ask below severity 9, and counts for nothing from there on.
 */
export const reasonToAsk = (
  subject: Subject,
  { tags, sharedHost }: NamedInstance,
  settings: PolicySettings,
): string | undefined => {
  const { severity } = subject;
  const onHost = reasonOfHost({ tags, ...defined({ sharedHost }) }, severity, settings);
  if (onHost !== undefined) return onHost;
  return modeFor(severity, settings) === 'ask' && subject.isOrder !== true
    ? 'The mode for its severity is ask.'
    : undefined;
};

/** Why the instance is cut off, for whoever reads the decision. */
export const reasonToContain = (subject: Subject, settings: PolicySettings): string => {
  const { source, type, severity } = subject;
  if (source === 'manual') return 'It was asked for.';
  if (source === 'cloudwatch-alarm') {
    return `AlarmNames names the alarm by ${matching(settings.alarmNames, type)}.`;
  }
  if (subject.isOrder === true) return 'A person ordered it in Security Hub.';
  return severity === null
    ? 'Its severity cannot be read, so it is not measured by it.'
    : `Its severity ${severity} is not below MinimumSeverity ${settings.minimumSeverity}.`;
};
