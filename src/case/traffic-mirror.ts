/** A traffic mirror session, as EC2 describes it. */
export interface MirrorSession {
  readonly id: string;
  readonly interfaceId: string;
  readonly targetId: string;
  readonly filterId: string;
  readonly number: number;
  readonly virtualNetworkId: number;
  readonly description: string;
  readonly tags: Readonly<Record<string, string>>;
}

/** A rule of a traffic mirror filter. */
export interface MirrorRule {
  readonly egress: boolean;
  readonly number: number;
  readonly accepts: boolean;
  readonly source: string;
  readonly destination: string;
  /** True where it takes one protocol, or some ports, alone. */
  readonly isNarrow: boolean;
}

/** A traffic mirror filter, as EC2 describes it. */
export interface MirrorFilter {
  readonly id: string;
  readonly rules: readonly MirrorRule[];
  /** `amazon-dns` where queries to Amazon's DNS are mirrored too. */
  readonly services: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
}

/** By what filters of a case are found: EC2 has no filter by their tags. */
export const mirrorDescription = (caseId: string): string => `Cordon evidence, case ${caseId}`;

const families = [
  { number: 100, range: '0.0.0.0/0' },
  { number: 101, range: '::/0' },
] as const;

/** Everything, both directions, both families. */
export const mirrorRules: readonly MirrorRule[] = families.flatMap(({ number, range }) =>
  [false, true].map((egress) => ({
    ...{ egress, number, accepts: true, isNarrow: false },
    ...{ source: range, destination: range },
  })),
);

export const isSameRule = (a: MirrorRule, b: MirrorRule): boolean =>
  a.egress === b.egress &&
  a.number === b.number &&
  a.accepts === b.accepts &&
  a.isNarrow === b.isNarrow &&
  a.source === b.source &&
  a.destination === b.destination;

/** A filter with a rule that is not Cordon's may keep packets from the target. */
export const hasForeignRule = ({ rules }: MirrorFilter): boolean =>
  rules.some((rule) => !mirrorRules.some((one) => isSameRule(one, rule)));

const highest = 32_766;

/**
 * The number of a further session of an interface: after those that are there, because of the sessions whose
 * filters fit a packet only the one with the lowest number gets it
 * (https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-session.html). A session of somebody else
 * must not go blind.
 */
export const nextSessionNumber = (taken: readonly number[]): number => {
  const last = Math.max(0, ...taken.filter((one) => one <= highest));
  if (last < highest) return last + 1;
  let number = highest;
  while (taken.includes(number)) number -= 1;
  return number;
};
