import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { scriptsOf } from '../../emulator/hosts/document-script.ts';
import { inProject } from '../../emulator/project.ts';
import type { Ran } from './namespace.ts';
import type { Network } from './network.ts';
import { addresses, agentProgram, startNetwork } from './network.ts';
import type { Talker } from './talker.ts';
import { startTalker } from './talker.ts';

export const caseId = '20261126T0210Z-i-0d248d80e343efe9d';

/** What is deployed: the document as the template has it. */
const deployed = (): object =>
  parse(readFileSync(inProject('templates/host.yaml'), 'utf8'), {
    customTags: [{ tag: '!Ref', resolve: (value: string) => value }],
  }).Resources.HostDocument.Properties.Content;

/** What the agent runs on a Linux host for an action, step by step. */
export const stepsFor = (action: 'cut' | 'restore') =>
  scriptsOf(deployed(), 'Linux', { Action: [action], Case: [caseId] });

/** The same as one script. */
export const scriptFor = (action: 'cut' | 'restore'): string =>
  stepsFor(action)
    .map(({ text }) => `(${text}\n)`)
    .join('\n');

export interface Said {
  readonly ok: boolean;
  readonly error: string;
  readonly method: string;
  readonly how: string;
  readonly ended: number;
  readonly left: number;
  readonly planted: number;
  readonly allowed: string;
}

/** What the last line of a script says. */
const saidIn = ({ stdout, stderr }: Ran): Said => {
  const line = stdout.trim().split('\n').at(-1) ?? '';
  if (!line.startsWith('{')) throw new Error(`The script said nothing: ${stdout}${stderr}`);
  return JSON.parse(line);
};

/** A host under suspicion with what is open on it, and both ends of each conversation. */
export interface Suspect extends Network {
  readonly agent: Talker;
  readonly service: Talker;
  /** Conversations that the cut is to end: on the host, and at the other end. */
  readonly victims: Readonly<Record<string, { readonly inside: Talker; readonly outside: Talker }>>;
  readonly run: (action: 'cut' | 'restore') => Promise<Said>;
  /** True where the agent and its service still hear each other. */
  readonly agentAnswers: () => Promise<boolean>;
}

const variables = { AWS_SSM_REGION_NAME: 'us-east-1' };

const openAll = async ({ host, router, peer }: Network) => {
  const listening = async (talker: Talker): Promise<Talker> => {
    await talker.hears(/listening/);
    return talker;
  };
  const [service, atRouter, atPeer, sshd] = await Promise.all([
    listening(startTalker(peer, ['listen', '443'])),
    listening(startTalker(router, ['listen', '7000'])),
    listening(startTalker(peer, ['listen', '8443'])),
    listening(startTalker(host, ['listen', '22'])),
  ]);
  const agent = startTalker(host, ['connect', addresses.endpoint, '443'], {
    program: agentProgram,
  });
  const victims = {
    out: { inside: startTalker(host, ['connect', addresses.router, '7000']), outside: atRouter },
    nat: {
      inside: startTalker(host, ['connect', addresses.peer, '8443'], { user: 65534 }),
      outside: atPeer,
    },
    in: { inside: sshd, outside: startTalker(peer, ['connect', addresses.host, '22']) },
  };
  const both = Object.values(victims).flatMap(({ inside, outside }) => [inside, outside]);
  await Promise.all([agent, service, ...both].map((one) => one.hears(/^connected/)));
  return { agent, service, victims };
};

/** Lays the network, and opens a conversation of the agent's and three that are none of its. */
export const startSuspect = async (): Promise<Suspect> => {
  const network = await startNetwork();
  const open = await openAll(network);
  let asked = 0;
  return {
    ...network,
    ...open,
    run: async (action) => saidIn(await network.host.sh(scriptFor(action), variables)),
    agentAnswers: async () => {
      asked += 1;
      open.agent.say(`ask ${asked}`);
      await open.service.hears(new RegExp(`^got ask ${asked}$`));
      open.service.say(`answer ${asked}`);
      await open.agent.hears(new RegExp(`^got answer ${asked}$`));
      return true;
    },
  };
};

/** What the two ends of a conversation hear of each other when both speak now. */
export const heardOf = async (
  { agentAnswers }: Suspect,
  { inside, outside }: { readonly inside: Talker; readonly outside: Talker },
): Promise<readonly string[]> => {
  inside.say('from inside');
  outside.say('from outside');
  // The agent's words go the same way: when it was heard so often, the others' would have been too.
  for (let round = 0; round < 20; round += 1) await agentAnswers();
  return [...inside.lines, ...outside.lines].filter((line) => line.startsWith('got from'));
};

/** Resolves when both ends of a conversation have heard the other: it lives. */
export const talksOn = async ({
  inside,
  outside,
}: {
  readonly inside: Talker;
  readonly outside: Talker;
}): Promise<void> => {
  inside.say('from inside');
  outside.say('from outside');
  await Promise.all([inside.hears(/^got from outside/), outside.hears(/^got from inside/)]);
};
