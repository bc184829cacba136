import { cp, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asRoot } from './as-root.ts';
import type { Computer } from './namespace.ts';
import { must, mustOn, outcomeOf, startComputer } from './namespace.ts';

/** Where everybody is. The router translates what goes from the host to the internet. */
export const addresses = {
  host: '10.1.0.2',
  router: '10.1.0.1',
  peer: '192.0.2.2',
  endpoint: '192.0.2.3',
  metadata: '169.254.169.254',
} as const;

/** Where the program of the agent's package lies on a host. */
export const agentProgram = '/usr/bin/amazon-ssm-agent';

/** A host, a router that does what a NAT gateway does, and a computer on the internet. */
export interface Network {
  readonly host: Computer;
  readonly router: Computer;
  readonly peer: Computer;
  readonly stop: () => Promise<void>;
}

/** Lays a wire between two computers. */
export const wire = async (
  a: Computer,
  aName: string,
  b: Computer,
  bName: string,
): Promise<void> => {
  await mustOn(a, `ip link add ${aName} type veth peer name ${bName}; ip link set ${aName} up`);
  // Named by its process as it is known out here: the computers do not see each other's.
  await must([
    ...[...asRoot, 'nsenter', '-t', String(a.pid), '-n', '--'],
    ...['ip', 'link', 'set', bName, 'netns', String(b.pid)],
  ]);
  await mustOn(b, `ip link set ${bName} up`);
};

const hostsFile = ['ssm', 'ssmmessages', 'ec2messages']
  .map((one) => `${addresses.endpoint} ${one}.us-east-1.amazonaws.com\n`)
  .join('');

/** The host's files: a package of the agent, and folders of its own where Cordon writes. */
const furnish = async (host: Computer, folder: string): Promise<void> => {
  for (const one of ['upper', 'work']) await mkdir(join(folder, one));
  await cp(process.execPath, join(folder, 'upper', 'amazon-ssm-agent'));
  await writeFile(join(folder, 'resolv.conf'), `nameserver ${addresses.router}\n`);
  await writeFile(join(folder, 'hosts'), hostsFile);
  const overlay = `lowerdir=/usr/bin,upperdir=${folder}/upper,workdir=${folder}/work`;
  await mustOn(
    host,
    `mount -t overlay overlay -o ${overlay} /usr/bin
     chown 0:0 ${agentProgram}
     mount -t tmpfs none /var/lib
     mount --bind ${folder}/resolv.conf /etc/resolv.conf
     mount --bind ${folder}/hosts /etc/hosts`,
  );
};

const furnishRouter = (router: Computer) =>
  mustOn(
    router,
    `ip addr add ${addresses.router}/24 dev lan
     ip addr add 192.0.2.1/24 dev wan
     ip addr add ${addresses.metadata}/32 dev lo
     echo 1 > /proc/sys/net/ipv4/ip_forward
     nft add table ip nat
     nft add chain ip nat out '{ type nat hook postrouting priority 100; }'
     nft add rule ip nat out oif wan masquerade`,
  );

/** Lays the network; it ends with this process. */
export const startNetwork = async (): Promise<Network> => {
  const [host, router, peer] = await Promise.all([
    startComputer(),
    startComputer(),
    startComputer(),
  ]);
  const folder = await mkdtemp(join(tmpdir(), 'cordon-host-'));
  await wire(host, 'eth0', router, 'lan');
  await wire(router, 'wan', peer, 'eth0');
  await mustOn(
    host,
    `ip addr add ${addresses.host}/24 dev eth0; ip route add default via ${addresses.router}`,
  );
  await furnishRouter(router);
  await mustOn(
    peer,
    `ip addr add ${addresses.peer}/24 dev eth0
     ip addr add ${addresses.endpoint}/24 dev eth0
     ip route add 10.1.0.0/24 via 192.0.2.1`,
  );
  await furnish(host, folder);
  return {
    host,
    router,
    peer,
    stop: async () => {
      for (const one of [host, router, peer]) one.stop();
      await outcomeOf([...asRoot, 'rm', '-rf', '--', folder]);
    },
  };
};
