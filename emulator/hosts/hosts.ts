import type { StepScript } from './document-script.ts';
import { scriptsOf } from './document-script.ts';

/** A command as it reaches the agent of a host. */
export interface HostCommand {
  readonly commandId: string;
  readonly instanceId: string;
  readonly documentName: string;
  /** What the document says, as it was deployed. */
  readonly content: object;
  readonly parameters: Readonly<Record<string, readonly string[]>>;
  /** The scripts that the agent runs for it on this platform, one after the other. */
  readonly scripts: readonly StepScript[];
}

/** How one step ended on the host. */
export interface StepEnd {
  readonly step: string;
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr?: string;
}

/** What a test puts in the place of a host that Systems Manager manages. */
export interface StandInHost {
  readonly platform: 'Linux' | 'Windows' | 'MacOS';
  /** Whether its agent answers; default true. */
  readonly online?: boolean;
  /** The version of its agent; default 3.3.1000.0. */
  readonly version?: string;
  /** Runs a command; undefined: the agent never takes it up, and its delivery times out. */
  readonly run: (command: HostCommand) => Promise<readonly StepEnd[] | undefined>;
}

/** The hosts of the account that Systems Manager manages; all others it does not. */
export interface Hosts {
  /** From now on there is an agent on the instance, or another one than before. */
  manage(instanceId: string, host: StandInHost): Promise<void>;
  /** From now on Systems Manager does not manage the instance. */
  forget(instanceId: string): Promise<void>;
}

/** Hosts as the proxy sees them. */
export interface HostAgents extends Hosts {
  /** A command was accepted: its hosts take it up, and what they make of it can be read. */
  take(commandId: string): Promise<void>;
  clear(): void;
}

type Ask = (path: string, body: object) => Promise<unknown>;

interface Ordered extends Pick<HostCommand, 'documentName' | 'content' | 'parameters'> {
  readonly instanceIds: readonly string[];
}

const statusOf = (ends: readonly StepEnd[]): string =>
  ends.every(({ exitCode }) => exitCode === 0) ? 'Success' : 'Failed';

/** What there is to be told of a command that has ended. */
const endOf = (ends: readonly StepEnd[] | undefined): object =>
  ends === undefined
    ? { status: 'TimedOut', details: 'DeliveryTimedOut' }
    : {
        status: statusOf(ends),
        details: statusOf(ends),
        steps: ends.map((end) => ({ stderr: '', ...end, status: statusOf([end]) })),
      };

/** @param ask tells the mends of moto something, and answers with what they say. */
export const createHosts = (ask: Ask): HostAgents => {
  const hosts = new Map<string, StandInHost>();
  const runOn = async (commandId: string, instanceId: string, ordered: Ordered): Promise<void> => {
    const host = hosts.get(instanceId);
    if (host === undefined) return;
    const { documentName, content, parameters } = ordered;
    const scripts = scriptsOf(content, host.platform, parameters);
    const tell = (standing: object) =>
      ask('mends/invocation', { commandId, instanceId, ...standing });
    await tell({ status: 'InProgress', details: 'InProgress' });
    const command = { commandId, instanceId, documentName, content, parameters, scripts };
    const ends = await host
      .run(command)
      .catch((error: unknown): readonly StepEnd[] => [
        { step: scripts[0]?.step ?? '', exitCode: 1, stdout: '', stderr: String(error) },
      ]);
    await tell(endOf(ends));
  };
  return {
    manage: async (instanceId, host) => {
      hosts.set(instanceId, host);
      const { platform, online = true, version = '3.3.1000.0' } = host;
      await ask('mends/hosts', { instanceId, platform, online, version });
    },
    forget: async (instanceId) => {
      hosts.delete(instanceId);
      await ask('mends/hosts', { instanceId, gone: true });
    },
    take: async (commandId) => {
      const ordered = (await ask('mends/command', { commandId })) as Ordered;
      await Promise.all(ordered.instanceIds.map((id) => runOn(commandId, id, ordered)));
    },
    clear: () => hosts.clear(),
  };
};
