import { devNull } from 'node:os';
import type { LifecycleState } from '@aws-sdk/client-auto-scaling';
import type { Hosts } from './hosts/hosts.ts';
import { createHosts } from './hosts/hosts.ts';
import type { MotoProcess } from './moto/moto-process.ts';
import { startMoto } from './moto/moto-process.ts';
import { ensurePython } from './moto/python.ts';
import type { InvokeFunction } from './proxy/invocations.ts';
import { startProxy } from './proxy/proxy.ts';
import { createTraffic, type Traffic } from './proxy/traffic.ts';

export type { InvokeFunction } from './proxy/invocations.ts';

const REGION = 'us-east-1';
const ACCOUNT_ID = '123456789012';

/** Real state machine executions; functions known to moto, but run by the proxy. */
const MOTO_CONFIG = {
  stepfunctions: { execute_state_machine: true },
  lambda: { use_docker: false },
};

/** Times of AWS that no API call tells and tests want short or long. All in seconds. */
export interface Timing {
  /** How long a snapshot stays `pending` after its creation. Default 2. */
  snapshotSeconds?: number;
  /** How long a deregistered target is reported as `draining`. Default 5. */
  drainingSeconds?: number;
}

/** Quotas of the account that tests want small. */
export interface Quotas {
  /** Security groups in the Region, the default ones included. Default 2,500. */
  securityGroups?: number;
  /** Rules of a group per direction and address family. Default 60. */
  rulesPerSecurityGroup?: number;
  /** Entries of a network ACL per direction and address family, its own included. Default 20. */
  rulesPerNetworkAcl?: number;
}

/** What the account is like. */
export interface Account {
  /** It has so many resources that EC2 refuses long lists in one piece. Default false. */
  manyResources?: boolean;
}

/** An AWS of one account and Region in this machine, for the AWS SDKs over loopback. */
export interface Emulator {
  /** What `AWS_ENDPOINT_URL` is set to. */
  readonly endpoint: string;
  /** The calls seen, and the latency and faults to inject. */
  readonly traffic: Traffic;
  readonly region: string;
  readonly accountId: string;
  /** The environment that leads an SDK client or a handler here and nowhere else. */
  readonly environment: Record<string, string>;
  /** What stands in for the hosts that Systems Manager manages; at first it manages none. */
  readonly hosts: Hosts;
  /** Sets who answers when a function is invoked by a state machine, a rule or an SDK client. */
  onInvoke(handler: InvokeFunction): void;
  /** Changes how long things take; what is not named keeps its value. */
  timing(timing: Timing): Promise<void>;
  /** Changes quotas; what is not named keeps its value. */
  quotas(quotas: Quotas): Promise<void>;
  /** Changes what the account is like; what is not named keeps its value. */
  account(account: Account): Promise<void>;
  /**
   * How many milliseconds after its call CloudTrail shows an event. Default 0; in AWS some minutes, seldom
   * more than 15.
   */
  eventDelay(milliseconds: number): void;
  /** Sends the event of a scheduled rule to its targets: by itself no such rule fires. */
  fireSchedule(ruleName: string): Promise<void>;
  /**
   * Puts a member of an Auto Scaling group into a lifecycle state, such as `Pending:Wait` or
   * `Terminating:Wait`, where it stays: members are otherwise in service or gone at once.
   */
  lifecycleState(instanceId: string, state: LifecycleState): Promise<void>;
  /**
   * Forgets every resource, call, event, fault, lag, latency, delay, timing, quota and size, enforces neither policies
   * nor rates any more, and stops the executions that run; a function that runs for one of them runs
   * to its end. The invoke handler stays.
   */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

const environmentFor = (endpoint: string): Record<string, string> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: REGION,
  AWS_DEFAULT_REGION: REGION,
  AWS_ACCESS_KEY_ID: 'emulator',
  AWS_SECRET_ACCESS_KEY: 'emulator',
  AWS_EC2_METADATA_DISABLED: 'true',
  // Whatever the profiles of the user say (endpoints, regions, roles) must not reach the clients.
  AWS_CONFIG_FILE: devNull,
  AWS_SHARED_CREDENTIALS_FILE: devNull,
});

export interface EmulatorOptions {
  /** Is told what is going on when it takes long. */
  readonly report?: (line: string) => void;
  /**
   * A moto that runs already, to be used by one emulator at a time: it is emptied first, and not
   * stopped at the end. Starting one takes seconds.
   */
  readonly moto?: Pick<MotoProcess, 'port'>;
}

/** Tells moto's own interface, and that of the mends, something. */
const tellMoto =
  (endpoint: string) =>
  async (path: string, body: object): Promise<string> => {
    const response = await fetch(`${endpoint}/moto-api/${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`The emulator refused ${path}: ${await response.text()}`);
    return response.text();
  };

type Tell = ReturnType<typeof tellMoto>;

/** Whoever empties a moto has it from then on: its functions are those of this emulator. */
const empty = async (tell: Tell, port: number): Promise<void> => {
  await tell('reset', {});
  await tell('config', MOTO_CONFIG);
  await tell('mends/functions', { port });
};

/** What tests and drills change of the account. */
const switches = (tell: Tell) => {
  const change = async (path: string, body: object): Promise<void> => {
    await tell(path, body);
  };
  return {
    timing: (timing) => change('mends/timing', timing),
    quotas: (quotas) => change('mends/quotas', quotas),
    account: (account) => change('mends/account', account),
    fireSchedule: (rule) => change('mends/schedule', { rule }),
    lifecycleState: (instanceId, state) => change('mends/lifecycle', { instanceId, state }),
  } satisfies Partial<Emulator>;
};

/**
 * Starts the emulator on free ports. It ends with `stop()` or with this process, however that ends.
 *
 * @throws PythonUnavailableError, EmulatorStartError
 */
export const startEmulator = async (options: EmulatorOptions = {}): Promise<Emulator> => {
  const traffic = createTraffic();
  const proxy = await startProxy(traffic);
  const endpoint = `http://127.0.0.1:${proxy.port}`;
  const tell = tellMoto(endpoint);
  const hosts = createHosts(async (path, body) => JSON.parse(await tell(path, body)));
  // Who resets or stops the emulator meanwhile wants to know no more of a command.
  proxy.onCommand((commandId) => void hosts.take(commandId).catch(() => {}));
  try {
    const own =
      options.moto === undefined
        ? await startMoto(await ensurePython(options.report), proxy.port)
        : undefined;
    proxy.passTo((own ?? options.moto)?.port ?? 0);
    if (own === undefined) await empty(tell, proxy.port);
    else await tell('config', MOTO_CONFIG);
    return {
      endpoint,
      traffic,
      region: REGION,
      accountId: ACCOUNT_ID,
      environment: environmentFor(endpoint),
      onInvoke: proxy.onInvoke,
      eventDelay: proxy.eventDelay,
      hosts,
      ...switches(tell),
      reset: async () => {
        await empty(tell, proxy.port);
        traffic.clear();
        traffic.clearFaults();
        traffic.latency(0);
        traffic.rates(false);
        proxy.forget();
        hosts.clear();
      },
      stop: async () => {
        await own?.stop();
        await proxy.close();
      },
    };
  } catch (error) {
    await proxy.close();
    throw error;
  }
};
