import type { TriggerSource } from '../case/case.ts';

/** What an automatic trigger says about itself, as far as it decides what happens. */
export interface Subject {
  readonly source: TriggerSource;
  readonly type: string;
  readonly severity: number | null;
  readonly sample: boolean;
  readonly archived: boolean;
  /** GuardDuty: whether the instance attacks (ACTOR) or is attacked (TARGET). */
  readonly resourceRole?: string;
}

export interface PolicySettings {
  readonly minimumSeverity: number;
}

/**
 * These findings say that somebody tries to get in, not that somebody is in; as ACTOR the same
 * types mean that the instance attacks others
 * (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_finding-types-ec2.html).
 */
const attackedFromOutside =
  /^(?:UnauthorizedAccess:EC2\/(?:SSH|RDP)BruteForce|Impact:EC2\/WinRMBruteForce|Recon:EC2\/PortProbe)/;

/**
 * Why a trigger does not start a containment, or undefined when it does. A manual trigger always
 * does: somebody has decided already.
 */
export const reasonToSkip = (subject: Subject, settings: PolicySettings): string | undefined => {
  if (subject.source === 'manual') return undefined;
  if (subject.sample) return 'It is a sample finding.';
  if (subject.archived) return 'The finding is archived.';
  if (subject.severity !== null && subject.severity < settings.minimumSeverity) {
    return `Its severity ${subject.severity} is below MinimumSeverity ${settings.minimumSeverity}.`;
  }
  if (subject.resourceRole === 'TARGET' && attackedFromOutside.test(subject.type)) {
    return 'The instance is the target of the attempt, which is no sign that it is compromised.';
  }
  return undefined;
};

/** True when the tags carry the exempting `key=value`; an empty setting exempts nothing. */
export const isExempt = (tags: Readonly<Record<string, string>>, exemptTag: string): boolean => {
  const at = exemptTag.indexOf('=');
  if (at <= 0) return false;
  const key = exemptTag.slice(0, at);
  return Object.hasOwn(tags, key) && tags[key] === exemptTag.slice(at + 1);
};

export const exemptReason = (exemptTag: string): string =>
  `The instance carries the exempting tag ${exemptTag}.`;
