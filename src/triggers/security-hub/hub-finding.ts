import type { HubIdentity } from '../../case/case.ts';

/** A finding of Security Hub, whichever of its two formats it came in. */
export interface HubFinding {
  /** Of GuardDuty's own findings the id that GuardDuty gave them. */
  readonly id: string;
  /** GuardDuty's name of the type where the finding is GuardDuty's, else the product's. */
  readonly type: string;
  readonly fromGuardduty: boolean;
  /** GuardDuty's scale; null where none can be read. */
  readonly severity: number | null;
  readonly at: readonly (string | null | undefined)[];
  /** When it was first seen, ISO 8601 in UTC. */
  readonly since?: string;
  /** Whether it tells of somebody's activity, and not of how something is configured. */
  readonly isThreat: boolean;
  readonly sample: boolean;
  readonly archived: boolean;
  /** Why it is no reason to contain anybody: suppressed, resolved, or updated by Cordon. */
  readonly dismissal?: string;
  /** How Security Hub names it; absent where that cannot be read. */
  readonly hub?: HubIdentity;
  readonly resourceRole?: string;
  /** Null: said, and cannot be read. */
  readonly accountId?: string | null;
  readonly region?: string | null;
  readonly resources: readonly HubResource[];
}

export interface HubResource {
  readonly type: string;
  readonly id: string;
  readonly region?: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** `arn:aws:guardduty:<Region>:<account>:detector/<detector>/finding/<id>` */
const guarddutyArn = /^arn:[\w-]*:guardduty:[^:]*:[^:]*:detector\/[^/]+\/finding\/([\w-]+)$/;

/** The id of a finding, so that it is the same over all routes. */
export const findingIdOf = (id: string): string => guarddutyArn.exec(id)?.[1] ?? id;

export const isOfGuardduty = (id: string, product: string): boolean =>
  guarddutyArn.test(id) || /(?:product\/aws\/guardduty$|^guardduty$)/i.test(product);

/**
 * GuardDuty's type among the types of a finding. The older format has it behind a namespace and with a
 * dash: `TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce`
 * (https://docs.aws.amazon.com/guardduty/latest/ug/securityhub-integration.html).
 */
export const guarddutyTypeAmong = (types: readonly string[]): string | undefined => {
  for (const type of types) {
    const own = /(?:^|\/)([A-Za-z]+:[A-Za-z0-9]+)[-/]([^/]+)$/.exec(type);
    if (own !== null) return `${own[1]}/${own[2]}`;
  }
  return undefined;
};

/** The instance that samples are about, and the title that they have. */
export const looksLikeSample = (title: string, resources: readonly HubResource[]): boolean =>
  title.trimStart().startsWith('[SAMPLE]') ||
  resources.some(({ id }) => id.endsWith('instance/i-99999999') || id === 'i-99999999');

/** Who Cordon says it is where it notes its case in a finding. */
export const noteAuthor = 'cordon';
