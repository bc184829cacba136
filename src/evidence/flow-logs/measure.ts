import type { Profile } from './allowed.ts';
import { endsOf, isAllowed } from './allowed.ts';
import type { Interval } from './coverage.ts';
import { coveredBy, lengthOf } from './coverage.ts';
import type { Flow, FlowRecord } from './record.ts';

/**
 * How long after the cut records do not count yet, in seconds: what a record calls its start may be this much
 * later than the packet (https://docs.aws.amazon.com/vpc/latest/userguide/flow-log-records.html#flow-logs-fields).
 */
export const settlingSeconds = 60;

/** A peer that traffic went to or came from after the cut, though nothing lets it through. */
export interface LivingConnection {
  readonly interfaceId: string;
  readonly peer: string;
  readonly protocol: number;
  /** The port of the host, and that of the peer; 0 for protocols without ports. */
  readonly ownPort: number;
  readonly peerPort: number;
  readonly bytes: number;
  /** The first and the last time that a record names, in whole seconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/** What the records say of one interface. */
export interface Measured {
  readonly interfaceId: string;
  /** `unknown`: there is no record that could say it. */
  readonly verdict: 'lives' | 'no-flow' | 'unknown';
  /** For how many seconds it is known what went through. */
  readonly observedSeconds: number;
  readonly intervals: readonly Interval[];
  readonly living: readonly LivingConnection[];
  /** Records of flows that were stopped, and of those that the profile lets through. */
  readonly rejected: number;
  readonly allowed: number;
}

/** From when to when a record counts, in whole seconds since 1970. */
export interface Span {
  readonly from: number;
  readonly until: number;
}

/** The span of a cut that was seen at one time and still held at another. */
export const spanOf = (cutSeenAt: Date, stillCutAt: Date): Span => ({
  from: Math.ceil(cutSeenAt.getTime() / 1_000) + settlingSeconds,
  until: Math.floor(stillCutAt.getTime() / 1_000),
});

/** Below this nothing is said to be observed, in seconds: one window. */
const leastSeconds = 60;

const connectionOf = (
  { interfaceId, start, end }: FlowRecord,
  flow: Flow,
  profile: Profile,
): LivingConnection => {
  const { own, peer } = endsOf(flow, profile);
  return {
    interfaceId,
    peer: peer.address,
    protocol: flow.protocol,
    ownPort: own.port,
    peerPort: peer.port,
    bytes: flow.bytes,
    from: start,
    until: end,
  };
};

const keyOf = ({ peer, protocol, ownPort, peerPort }: LivingConnection): string =>
  [peer, protocol, ownPort, peerPort].join(' ');

/** Both directions of a connection, and all its windows, are one. */
const united = (all: readonly LivingConnection[]): readonly LivingConnection[] => {
  const found = new Map<string, LivingConnection>();
  for (const one of all) {
    const known = found.get(keyOf(one)) ?? { ...one, bytes: 0 };
    found.set(keyOf(one), {
      ...known,
      bytes: known.bytes + one.bytes,
      from: Math.min(known.from, one.from),
      until: Math.max(known.until, one.until),
    });
  }
  return [...found.values()].toSorted((a, b) => b.bytes - a.bytes);
};

/**
 * What the records say of one interface after the cut. Only those count that begin after it: one that
 * straddles it may be about what went through before.
 */
export const measureInterface = (
  interfaceId: string,
  profile: Profile,
  records: readonly FlowRecord[],
  { from, until }: Span,
): Measured => {
  const counting = records.filter(
    (one) => one.interfaceId === interfaceId && one.start >= from && one.end <= until,
  );
  const flows = counting.flatMap((record) =>
    record.flow === undefined ? [] : [{ record, flow: record.flow }],
  );
  const accepted = flows.filter(({ flow }) => flow.accepted);
  const through = accepted.filter(({ flow }) => !isAllowed(flow, profile));
  const living = united(through.map(({ record, flow }) => connectionOf(record, flow, profile)));
  const intervals = coveredBy(counting);
  const observedSeconds = lengthOf(intervals);
  const quiet = observedSeconds < leastSeconds ? 'unknown' : 'no-flow';
  return {
    interfaceId,
    verdict: living.length > 0 ? 'lives' : quiet,
    observedSeconds,
    intervals,
    living,
    rejected: flows.length - accepted.length,
    allowed: accepted.length - through.length,
  };
};
