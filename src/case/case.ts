import type { IsolationProfile } from './isolation-profile.ts';
import { isolationProfiles } from './isolation-profile.ts';
import type { EndedQuestion } from './question.ts';

/** The id of a trigger that is no event. */
export const byHand = 'by-hand';

export type TriggerSource = 'guardduty' | 'cloudwatch-alarm' | 'security-hub' | 'manual';

/** What a finding saw on the network; a direction that is unknown counts as outbound. */
export type Activity = 'outbound' | 'inbound' | 'blocked' | 'dns';

/** How Security Hub names the finding, in the format in which it came. */
export type HubIdentity =
  | { readonly format: 'asff'; readonly id: string; readonly productArn: string }
  | {
      readonly format: 'ocsf';
      readonly id: string;
      readonly accountId: string;
      readonly productUid: string;
    };

/** What arrived, reduced to what the case needs to remember. */
export interface Trigger {
  readonly source: TriggerSource;
  readonly id: string;
  readonly type: string;
  /** GuardDuty's scale, 0 to 10; null where the source has none (alarm, manual). */
  readonly severity: number | null;
  /** When the thing that triggered was last seen, ISO 8601 in UTC. */
  readonly at: string;
  /** When it was first seen, ISO 8601 in UTC; absent where no source says that it was earlier. */
  readonly since?: string;
  /** Addresses on the other side, as the finding names them; at most 20. */
  readonly remoteAddresses?: readonly string[];
  /** Present where it came by Security Hub, for the note in it. */
  readonly hub?: HubIdentity;
  /** What it saw on the network, where it says so. */
  readonly activity?: Activity;
  /** What several compromised instances share, as the finding names it: an Auto Scaling group. */
  readonly commonCause?: string;
  /** Who asked and why, for manual triggers. */
  readonly requestedBy?: string;
  readonly reason?: string;
}

/** How a case stood when a further run of it began. */
export interface EarlierRun {
  /** The status of a report. */
  readonly status: string;
  /** Present where the finding saw traffic long after the cut: when the instance was cut, ISO 8601. */
  readonly activeAfterCut?: string;
}

/** One containment of one instance, from trigger to release. Input of the state machine. */
export interface Case {
  readonly caseId: string;
  readonly instanceId: string;
  readonly accountId: string;
  readonly region: string;
  readonly trigger: Trigger;
  /** True: nothing is changed; every call is rehearsed. */
  readonly dryRun: boolean;
  /** Asked for in the trigger; else the setting decides. */
  readonly isolationProfile?: IsolationProfile;
  /** True for a person's order in another console: no mode and no other person's refusal counts for it. */
  readonly ordered?: true;
  /** True where the case table did not answer: the name of the execution alone keeps runs apart. */
  readonly unlocked?: true;
  /** The Auto Scaling group that the trigger names the instance a member of; for the brake. */
  readonly autoScalingGroup?: string;
  /** How the case stood when this run of it began; absent in the first. */
  readonly earlier?: EarlierRun;
  /** Present only for a collection of memory before the cut: who chose it, and for how long at most. */
  readonly memoryFirst?: { readonly by: string; readonly minutes: number };
  /** How the question about it ended, where a person was asked before it was cut off. */
  readonly question?: EndedQuestion;
}

/** The profile under which a case is isolated. */
export const profileOf = (
  theCase: Case,
  settings: { readonly isolationProfile: IsolationProfile },
): IsolationProfile => theCase.isolationProfile ?? settings.isolationProfile;

/**
 * A person asked, with the command or a right to start the machine: such a request names no event.
 * An event of `cordon.manual`, which whoever may put events can send, is none.
 */
export const isAskedByPerson = ({ source, id }: Pick<Trigger, 'source' | 'id'>): boolean =>
  source === 'manual' && id === byHand;

const twoDigits = (value: number): string => String(value).padStart(2, '0');

const minutesPerCase = 10;

/**
 * The id of a case, which is the name of its execution: `<yyyymmddThhmm>Z-<instanceId>`.
 * Minutes are rounded down to ten, so that the findings of the same minutes about one instance
 * fall on one execution (Step Functions then answers ExecutionAlreadyExists). A request that names
 * a profile has an id of its own in the same ten minutes, with its mark as seconds, so that a
 * stricter case never joins one. A dry run is no case: `dry-<yyyymmddThhmmss>Z-<instanceId>`,
 * rounded and marked alike.
 */
export const caseIdFor = (
  instanceId: string,
  at: Date,
  dryRun = false,
  profile?: IsolationProfile,
): string => {
  const date = `${at.getUTCFullYear()}${twoDigits(at.getUTCMonth() + 1)}${twoDigits(at.getUTCDate())}`;
  const minutes = Math.floor(at.getUTCMinutes() / minutesPerCase) * minutesPerCase;
  const mark = profile === undefined ? 0 : isolationProfiles.indexOf(profile) + 1;
  const seconds = mark === 0 && !dryRun ? '' : twoDigits(mark);
  const moment = `${date}T${twoDigits(at.getUTCHours())}${twoDigits(minutes)}${seconds}Z`;
  return `${dryRun ? 'dry-' : ''}${moment}-${instanceId}`;
};

const caseIdPattern = /^(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})(\d{2})?Z-(i-[0-9a-f]+)$/;

/** True for an id that Cordon could have given to a case of this instance; a dry run is none. */
export const isCaseIdOf = (caseId: string, instanceId: string): boolean =>
  caseIdPattern.exec(caseId)?.[7] === instanceId;

/** The instance of a case id; undefined if it is none. */
export const caseInstanceOf = (caseId: string): string | undefined =>
  caseIdPattern.exec(caseId)?.[7];

/** Marks are as many as there are profiles. */
const highestMark = isolationProfiles.length;

/**
 * The id of a case that must not fall on an earlier one of its ten minutes: to the second. Seconds
 * that would be a mark are avoided, towards the past: a case never begins later than it was asked.
 */
export const exactCaseIdFor = (instanceId: string, at: Date): string => {
  const marked = at.getUTCMinutes() % minutesPerCase === 0 && at.getUTCSeconds() <= highestMark;
  const moment = new Date(at.getTime() - (marked ? (highestMark + 1) * 1_000 : 0));
  return `${moment.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}Z-${instanceId}`;
};

/** The earliest moment at which the case can have begun, from its id; undefined if it is none. */
export const caseBegan = (caseId: string): Date | undefined => {
  const match = caseIdPattern.exec(caseId);
  if (match === null) return undefined;
  const [, year, month, day, hours, minutes, seconds = '0'] = match;
  const isMark = Number(minutes) % minutesPerCase === 0 && Number(seconds) <= highestMark;
  return new Date(
    Date.UTC(
      Number(year),
      Number(month) - 1,
      Number(day),
      Number(hours),
      Number(minutes),
      // A mark is no time: the case can have begun before it.
      isMark ? 0 : Number(seconds),
    ),
  );
};

/** Sorts ids of cases by when the cases began; as texts, ids with seconds would stand before those without. */
export const byBeginning = (one: string, other: string): number =>
  (caseBegan(one)?.getTime() ?? 0) - (caseBegan(other)?.getTime() ?? 0);

/** EC2 instance ids: 8 hexadecimal digits until 2016, 17 since. */
export const instanceIdPattern = /^i-(?:[0-9a-f]{8}|[0-9a-f]{17})$/;
