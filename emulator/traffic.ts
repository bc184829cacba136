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
}

/** What goes wrong with a call. */
export type FaultKind =
  | 'throttle'
  | 'server-error'
  | 'connection-reset'
  | 'timeout'
  | 'denied'
  /** The call takes effect, then the connection is cut before the answer. */
  | 'lost-answer';

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
  clearFaults(): void;
}

/** The proxy's side of the traffic. */
export interface TrafficRecorder extends Traffic {
  readonly delay: number;
  record(call: Call): void;
  /** Takes one strike from the first fault that matches. */
  strike(service: string, action: string, params: CallParams): FaultKind | undefined;
}

const fits = (wanted: string, actual: string): boolean => wanted === '*' || wanted === actual;

/** An empty record: no latency, no faults. */
export const createTraffic = (): TrafficRecorder => {
  let calls: Call[] = [];
  let faults: { fault: Fault; left: number }[] = [];
  let delay = 0;
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
      faults.push({ fault, left: fault.times });
    },
    clearFaults() {
      faults = [];
    },
    record(call) {
      calls.push(call);
    },
    strike(service, action, params) {
      const found = faults.find(
        ({ fault, left }) =>
          left > 0 &&
          fits(fault.service, service) &&
          fits(fault.action, action) &&
          (fault.matches?.(params) ?? true),
      );
      if (found === undefined) return undefined;
      found.left -= 1;
      return found.fault.kind;
    },
  };
};
