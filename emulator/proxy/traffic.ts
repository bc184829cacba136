import { isRead } from './read-actions.ts';
import { createRequestRates, type RequestRates } from './request-rates.ts';

/** The parameters of a call: a form for the query protocols, an object for the JSON protocols. */
export type CallParams = URLSearchParams | Record<string, unknown>;

/** One AWS call that went through the proxy. Times are `performance.now()` milliseconds. */
export interface Call {
  /**
   * The signing name: `ec2`, `autoscaling`, `elasticloadbalancing` (classic and v2 alike, told apart
   * by the parameter `Version`), `sns`, `sqs`, `states`, … `lambda` for an invocation.
   */
  readonly service: string;
  /** The operation, `Invoke` for an invocation; method and path where a service is plain REST. */
  readonly action: string;
  readonly startedAt: number;
  readonly endedAt: number;
  /** The HTTP status answered, 0 when the connection was cut. */
  readonly status: number;
  readonly params?: CallParams;
  /** The function that called: the app id (`AWS_SDK_UA_APP_ID`) in the caller's User-Agent. */
  readonly functionName?: string;
  /** The case that the caller's User-Agent names. */
  readonly caseId?: string;
  readonly userAgent?: string;
  /** The id that the service gave the call. */
  readonly requestId?: string;
  /** The code of the error that was answered. */
  readonly errorCode?: string;
  /** What was injected into the call. */
  readonly fault?: FaultKind;
}

/** What goes wrong with a call. */
export type FaultKind =
  | 'throttle'
  | 'server-error'
  | 'connection-reset'
  | 'timeout'
  | 'denied'
  /** The credentials of the caller have expired. */
  | 'expired'
  /** The call takes effect, then the connection is cut before the answer. */
  | 'lost-answer'
  /** The call takes no effect, and is answered as if it had, with nothing in the answer. */
  | 'empty-answer'
  /** The call takes no effect, and the answer ends in its middle. */
  | 'cut-answer';

/** A fault to inject into the calls that match it. */
export interface Fault {
  /** As in {@link Call}; `*` is any. */
  service: string;
  /** As in {@link Call}; `*` is any. */
  action: string;
  /** How many calls it hits; `Infinity` is for good. */
  times: number;
  kind: FaultKind;
  /** Narrows the fault to calls with certain parameters. */
  matches?: (params: CallParams) => boolean;
}

/** Reads to answer as if the last change had not happened yet; see {@link Traffic.lag}. */
export type Lag = Omit<Fault, 'kind'>;

/** What a test sees of the calls, and what it can do to them. */
export interface Traffic {
  /** The calls that have ended, in the order in which they ended. */
  readonly calls: readonly Call[];
  /** Forgets the calls, not the latency and the faults. */
  clear(): void;
  /** Milliseconds added to each AWS call before it is passed on; invocations are not delayed. */
  latency(milliseconds: number): void;
  /** Adds a fault; where several match a call, the one injected first strikes. */
  inject(fault: Fault): void;
  /**
   * Answers the next `times` matching reads (Describe…, Get…, List…) out of date, as an eventually
   * consistent service may:
   *
   * - A read that was made before, with the same parameters, is answered what it was last answered
   *   differently: its last answer when something has changed since, else the answer before that.
   *   When its answer never changed, it is answered truly.
   * - A read of EC2's instances, interfaces, security groups, volumes or snapshots that was never
   *   made before does not know resources that no answered read of EC2 or Auto Scaling, by
   *   whomever, has shown yet: by id it is answered the service's NotFound error, else an empty
   *   list when all that it would list is unknown.
   * - Everything else is answered truly, and counts.
   *
   * What is answered late is not remembered as an answer. Where several lags match, the one added
   * first is used up first; a fault that matches too goes first.
   */
  lag(lag: Lag): void;
  /**
   * Refuses calls beyond the request rates that AWS documents for EC2 and Elastic Load Balancing,
   * as the fault `throttle` does. Off at first and after a reset; turning it on fills the buckets.
   * The calls of everybody count, those of the test too.
   */
  rates(on: boolean, now?: () => number): void;
  /** Takes back all faults and lags; rates and latency stay. */
  clearFaults(): void;
}

/** The proxy's side of the traffic. */
export interface TrafficRecorder extends Traffic {
  readonly delay: number;
  record(call: Call): void;
  /** Takes one strike from the first fault that matches. */
  strike(service: string, action: string, params: CallParams): FaultKind | undefined;
  /** Takes one read from the first lag that matches; false when none does. */
  lags(service: string, action: string, params: CallParams): boolean;
  /** Whether the call is within the request rates, which it counts for. */
  admit(service: string, action: string, params: CallParams): boolean;
}

const fits = (wanted: string, actual: string): boolean => wanted === '*' || wanted === actual;

/** Something that befalls the next calls that match it. */
interface Pending<T extends Lag> {
  readonly what: T;
  left: number;
}

const takeOne = <T extends Lag>(
  pending: readonly Pending<T>[],
  service: string,
  action: string,
  params: CallParams,
): T | undefined => {
  const found = pending.find(
    ({ what, left }) =>
      left > 0 &&
      fits(what.service, service) &&
      fits(what.action, action) &&
      (what.matches?.(params) ?? true),
  );
  if (found === undefined) return undefined;
  found.left -= 1;
  return found.what;
};

/** An empty record: no latency, no faults, no lags, no rates. */
export const createTraffic = (): TrafficRecorder => {
  let calls: Call[] = [];
  let faults: Pending<Fault>[] = [];
  let lags: Pending<Lag>[] = [];
  let delay = 0;
  let rates: RequestRates | undefined;
  return {
    get calls() {
      return calls;
    },
    get delay() {
      return delay;
    },
    clear() {
      calls = [];
    },
    latency(milliseconds) {
      delay = milliseconds;
    },
    inject(fault) {
      faults.push({ what: fault, left: fault.times });
    },
    lag(lag) {
      lags.push({ what: lag, left: lag.times });
    },
    rates(on, now) {
      rates = on ? createRequestRates(now) : undefined;
    },
    clearFaults() {
      faults = [];
      lags = [];
    },
    record(call) {
      calls.push(call);
    },
    strike(service, action, params) {
      return takeOne(faults, service, action, params)?.kind;
    },
    lags(service, action, params) {
      return isRead(action) && takeOne(lags, service, action, params) !== undefined;
    },
    admit(service, action, params) {
      return rates?.admit({ service, action, params }) ?? true;
    },
  };
};
