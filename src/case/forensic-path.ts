import type { NetworkInterface } from './before.ts';
import type { VpcEndpoint } from './forensic-access.ts';
import { endpointFindings } from './forensic-path/endpoints.ts';
import type { Agent, Finding, Read } from './forensic-path/finding.ts';
import { agentFindings, profileFindings } from './forensic-path/host.ts';
import { uploadFindings } from './forensic-path/upload.ts';
import type { IsolationProfile } from './isolation-profile.ts';
import { beginningOf } from './report-size.ts';
import type { RouteTable } from './route-table.ts';
import type { SecurityGroup } from './security-group.ts';

/** What is missing, as programs know it. */
export type MissingPart = NonNullable<Finding['missing']>;

/**
 * Whether an isolated instance can be examined: Systems Manager reaches its agent through endpoints of the
 * VPC, and evidence gets from it into the bucket. `unknown` where nothing that was read is missing, but not
 * all of it could be read or understood.
 */
export type ForensicPath =
  | { readonly state: 'there' | 'unknown'; readonly sentence: string }
  | {
      readonly state: 'missing';
      readonly missing: readonly MissingPart[];
      /** What is missing and what to do, in one sentence. */
      readonly sentence: string;
    };

/** What the judgement goes by. */
export interface ForensicFacts {
  /** Under which the instance is, or would be, isolated. */
  readonly profile: IsolationProfile;
  /** Whether anything is let out under `egress-lockdown`. */
  readonly hasAllowList: boolean;
  readonly accountId: string;
  /** By which the host talks: its primary one. Undefined: it has none that Cordon can move. */
  readonly networkInterface:
    | Pick<NetworkInterface, 'vpcId' | 'subnetId' | 'privateAddresses'>
    | undefined;
  /** The groups under which it may be isolated with this profile, as far as there are any yet. */
  readonly isolationGroupIds: readonly string[];
  /** `ForensicUploadBucket`, or empty. */
  readonly bucket: string;
  readonly endpoints: Read<readonly VpcEndpoint[]>;
  readonly endpointGroups: Read<readonly SecurityGroup[]>;
  readonly routeTables: Read<readonly RouteTable[]>;
  /** Undefined in it: Systems Manager does not know the instance. */
  readonly agent: Read<Agent | undefined>;
}

/** The longest sentence, in characters: it stands in the case report. */
const longest = 900;

const told = (findings: readonly Finding[]): ForensicPath => {
  const lacking = findings.flatMap(({ missing, words }) =>
    missing === undefined ? [] : [{ missing, words }],
  );
  const doubts = findings.flatMap(({ missing, words }) => (missing === undefined ? [words] : []));
  const unread = doubts.length === 0 ? [] : [`not known: ${doubts.join('; ')}`];
  if (lacking.length > 0) {
    const said = `missing: ${lacking.map(({ words }) => words).join('; ')}`;
    return {
      state: 'missing',
      missing: [...new Set(lacking.map(({ missing }) => missing))],
      sentence: beginningOf([said, ...unread].join('; '), longest),
    };
  }
  return doubts.length > 0
    ? { state: 'unknown', sentence: beginningOf(unread.join(''), longest) }
    : {
        state: 'there',
        sentence:
          'there: isolated under forensic it reaches Systems Manager and the upload bucket, and its agent is online.',
      };
};

/**
 * What the profile alone says, without reading anything: under `full` there is no path, by design.
 * Undefined where the profile leaves one, if the VPC has it.
 */
export const forensicPathUnder = (
  profile: IsolationProfile,
  hasAllowList: boolean,
): ForensicPath | undefined => {
  const findings = profileFindings(profile, hasAllowList);
  return findings.length === 0 ? undefined : told(findings);
};

/** Judges by what was read; what could not be read is never taken for there, nor for missing. */
export const forensicPath = (facts: ForensicFacts): ForensicPath =>
  told([
    ...profileFindings(facts.profile, facts.hasAllowList),
    ...(facts.networkInterface === undefined
      ? [{ missing: 'interface' as const, words: 'no network interface that can be moved' }]
      : [
          ...endpointFindings({ ...facts, networkInterface: facts.networkInterface }),
          ...uploadFindings({ ...facts, networkInterface: facts.networkInterface }),
        ]),
    ...agentFindings(facts.agent),
  ]);
