import { afterEach, describe, expect, it } from 'vitest';
import { mustOn, startComputer } from './namespace.ts';
import { addresses, wire } from './network.ts';
import { canTryHosts } from './readiness.ts';
import type { Suspect } from './suspect.ts';
import { caseId, heardOf, scriptFor, startSuspect, talksOn } from './suspect.ts';
import { startTalker } from './talker.ts';

/** On real hosts, in namespaces of this kernel: what is open on them, and what becomes of it. */

const hosts = describe.skipIf(!(await canTryHosts()));

const withoutNft = 'mount --bind /dev/null "$(command -v nft)"';
const folder = `/var/lib/cordon/${caseId}`;

const open = new Set<Suspect>();
afterEach(async () => {
  await Promise.all([...open].map((one) => one.stop()));
  open.clear();
});

const suspectWith = async (preparation = 'true'): Promise<Suspect> => {
  const suspect = await startSuspect();
  open.add(suspect);
  await mustOn(suspect.host, preparation);
  return suspect;
};

/** Everything that the firewalls of a host say, without what they have counted. */
const firewalls = async ({ host }: Suspect): Promise<string> =>
  (await mustOn(host, 'nft list ruleset 2>/dev/null || true; iptables -S; ip6tables -S')).replace(
    /packets \d+ bytes \d+/g,
    '',
  );

const everythingIsCut = async (suspect: Suspect): Promise<void> => {
  for (const [name, ends] of Object.entries(suspect.victims)) {
    expect(await heardOf(suspect, ends), name).toEqual([]);
    await ends.inside.hears(/^(closed|error|ended)/);
  }
  expect(await suspect.agentAnswers()).toBe(true);
};

interface Call {
  readonly from: 'host' | 'peer';
  readonly to: string;
  readonly port: number;
  readonly user?: number;
}

const call = (suspect: Suspect, { from, to, port, user = 0 }: Call) =>
  startTalker(suspect[from], ['connect', to, `${port}`], { user });

/** Resolves when a new conversation comes about. */
const connects = async (suspect: Suspect, one: Call): Promise<void> => {
  expect(await call(suspect, one).hears(/^(connected|error)/), JSON.stringify(one)).toBe(
    'connected',
  );
};

/** Refused, or silence for as long as the agent is heard very often on the same way. */
const staysShut = async (suspect: Suspect, one: Call): Promise<void> => {
  const caller = call(suspect, one);
  await caller.hears(/^calling/);
  for (let round = 0; round < 200; round += 1) await suspect.agentAnswers();
  expect(caller.lines, JSON.stringify(one)).not.toContain('connected');
};

const toHost = { from: 'peer', to: addresses.host, port: 22 } as const;
const toPeer = { from: 'host', to: addresses.peer, port: 8443 } as const;
const toRouter = { from: 'host', to: addresses.router, port: 7000 } as const;
const toEndpoint = { from: 'host', to: addresses.endpoint, port: 443 } as const;

hosts.each([
  ['nftables', 'nft', 'true'],
  ['iptables, where there is no nft', 'iptables', withoutNft],
])('A cut by %s', (_, method, preparation) => {
  it('ends what is open outwards, inwards and through NAT, and leaves the agent alone', async () => {
    const suspect = await suspectWith(preparation);
    expect(await suspect.run('cut')).toMatchObject({
      ok: true,
      method,
      how: 'ss',
      ended: 3,
      left: 0,
      planted: 0,
    });
    await everythingIsCut(suspect);
  });

  it('lets nothing new in or out but root’s to the agent’s servers', async () => {
    const suspect = await suspectWith(preparation);
    await suspect.run('cut');
    for (const one of [toPeer, toRouter, toHost, { ...toEndpoint, user: 65534 }]) {
      await staysShut(suspect, one);
    }
    await connects(suspect, toEndpoint);
  });

  it('changes nothing when it is run again', async () => {
    const suspect = await suspectWith(preparation);
    await suspect.run('cut');
    const before = await firewalls(suspect);
    const files = await mustOn(suspect.host, `cd ${folder}; sha256sum before* ; stat -c %a *`);
    expect(await suspect.run('cut')).toMatchObject({ ok: true, ended: 0, left: 0 });
    expect(await firewalls(suspect)).toBe(before);
    expect(await mustOn(suspect.host, `cd ${folder}; sha256sum before* ; stat -c %a *`)).toBe(
      files,
    );
    expect(files).not.toMatch(/^(?!600$)\d{3}$/m);
    expect(await suspect.agentAnswers()).toBe(true);
  });

  it('is whole after it was killed at any moment and run again', async () => {
    const suspect = await suspectWith(`iptables -A INPUT -p tcp --dport 9 -j DROP; ${preparation}`);
    for (const seconds of ['0.02', '0.05', '0.1', '0.15', '0.2', '0.3', '0.4']) {
      await suspect.host.sh(
        `timeout -s KILL ${seconds} sh -c '${scriptFor('cut').replaceAll("'", "'\\''")}'`,
      );
    }
    expect(await suspect.run('cut')).toMatchObject({ ok: true, method, left: 0 });
    await everythingIsCut(suspect);
    expect(await mustOn(suspect.host, `cat ${folder}/before*`)).not.toMatch(/CORDON|cordon/);
  });

  it('is taken away by a restore, with nothing else, and twice is no more than once', async () => {
    const own = 'iptables -A INPUT -p tcp --dport 9 -j DROP';
    const suspect = await suspectWith(`${own}; ${preparation}`);
    const before = await firewalls(suspect);
    await suspect.run('cut');
    await mustOn(suspect.host, 'iptables -A INPUT -p tcp --dport 10 -j DROP');
    expect(await suspect.run('restore')).toMatchObject({ ok: true, method });
    // What was changed meanwhile stays.
    await mustOn(suspect.host, 'iptables -D INPUT -p tcp --dport 10 -j DROP');
    expect(await firewalls(suspect)).toBe(before);
    expect(await suspect.run('restore')).toMatchObject({ ok: true, method: 'none' });
    await connects(suspect, toPeer);
    await connects(suspect, toHost);
  });

  it('can be made again after a restore', async () => {
    const suspect = await suspectWith(preparation);
    for (const action of ['cut', 'restore', 'cut'] as const) {
      expect(await suspect.run(action)).toMatchObject({ ok: true });
    }
    await everythingIsCut(suspect);
  });
});

hosts('A cut on a host that somebody has prepared', () => {
  it('believes no name of a process: the agent is the program of its package, run by root', async () => {
    const suspect = await suspectWith('cp /usr/bin/amazon-ssm-agent /var/lib/amazon-ssm-agent');
    const { host } = suspect;
    const disguises = [
      startTalker(host, ['connect', addresses.peer, '8443'], {
        program: '/var/lib/amazon-ssm-agent',
      }),
      startTalker(host, ['connect', addresses.peer, '8443'], {
        program: '/usr/bin/amazon-ssm-agent',
        user: 65534,
      }),
    ];
    await Promise.all(disguises.map((one) => one.hears(/^connected/)));
    await mustOn(
      host,
      "for task in /proc/[0-9]*/comm; do printf 'x\",pid=1,fd=3)' > $task || true; done",
    );
    expect(await suspect.run('cut')).toMatchObject({ ok: true, ended: 5, left: 0 });
    await Promise.all(disguises.map((one) => one.hears(/^(error|closed)/)));
    await everythingIsCut(suspect);
  });

  it('finds its programs where the system has them, whatever the PATH says', async () => {
    const suspect = await suspectWith(
      `mkdir /var/lib/fakes; for name in ss nft iptables id stat awk sed cat; do
         printf '#!/bin/sh\\ntouch /var/lib/was-run\\n' > /var/lib/fakes/$name
         chmod +x /var/lib/fakes/$name
       done`,
    );
    const { stdout } = await suspect.host.sh(scriptFor('cut'), {
      PATH: `/var/lib/fakes:${process.env.PATH}`,
      ENV: '/var/lib/fakes/env',
    });
    expect(JSON.parse(stdout)).toMatchObject({ ok: true });
    expect((await suspect.host.sh('test -e /var/lib/was-run')).code).toBe(1);
    await everythingIsCut(suspect);
  });

  it('puts its own table in the place of one that was planted, and keeps a copy of that', async () => {
    const suspect = await suspectWith(
      `nft add table inet cordon
       nft add chain inet cordon output '{ type filter hook output priority -500; policy accept; }'
       nft add rule inet cordon output tcp dport 8443 accept`,
    );
    expect(await suspect.run('cut')).toMatchObject({ ok: true, method: 'nft' });
    await everythingIsCut(suspect);
    expect(await mustOn(suspect.host, `cat ${folder}/before.nft`)).toContain('8443');
    expect(await suspect.run('restore')).toMatchObject({ ok: true });
    expect(await firewalls(suspect)).not.toContain('8443');
  });

  it('is not kept out by a rule that accepts everything before it', async () => {
    const suspect = await suspectWith(
      `iptables -I INPUT -j ACCEPT; iptables -I OUTPUT -j ACCEPT; ${withoutNft}`,
    );
    expect(await suspect.run('cut')).toMatchObject({ ok: true, method: 'iptables' });
    await everythingIsCut(suspect);
    await staysShut(suspect, toPeer);
  });

  it.each([
    ['the saved file', `mkdir -p ${folder}; ln -s /var/lib/precious ${folder}/before.nft`],
    ['the folder of the case', `mkdir /var/lib/cordon; ln -s /var/lib/trap ${folder}`],
    ['the folder of all cases', 'ln -s /var/lib/trap /var/lib/cordon'],
    ['a folder of somebody else', 'mkdir /var/lib/cordon; chown 65534 /var/lib/cordon'],
  ])('follows no link and trusts no folder: %s', async (_, plant) => {
    const suspect = await suspectWith(
      `echo precious > /var/lib/precious; mkdir /var/lib/trap; ${plant}`,
    );
    expect(await suspect.run('cut')).toMatchObject({ ok: true, planted: 1 });
    expect(await mustOn(suspect.host, 'cat /var/lib/precious; ls -A /var/lib/trap')).toBe(
      'precious\n',
    );
    const kinds = `stat -c '%u %a %F' /var/lib/cordon ${folder} ${folder}/before.nft`;
    expect(await mustOn(suspect.host, kinds)).toMatch(
      /^0 700 directory\n0 700 directory\n0 600 regular( empty)? file\n$/,
    );
    await everythingIsCut(suspect);
  });

  it('touches nothing where it finds no agent that could take the cut away again', async () => {
    const suspect = await suspectWith();
    await mustOn(suspect.host, 'chown 65534 /usr/bin/amazon-ssm-agent');
    const before = await firewalls(suspect);
    expect(await suspect.run('cut')).toMatchObject({ ok: false, error: 'no-agent', ended: 0 });
    expect(await firewalls(suspect)).toBe(before);
    for (const ends of Object.values(suspect.victims)) {
      await talksOn(ends);
    }
  });

  it('touches nothing where there is neither nft nor iptables', async () => {
    const suspect = await suspectWith(
      `${withoutNft}; mount --bind /dev/null "$(command -v iptables)"`,
    );
    expect(await suspect.run('cut')).toMatchObject({ ok: false, error: 'no-firewall', ended: 0 });
    for (const ends of Object.values(suspect.victims)) {
      await talksOn(ends);
    }
  });

  it('says so where the kernel ends no connection, and silences it all the same', async () => {
    const suspect = await suspectWith(
      `cp "$(readlink -f "$(command -v ss)")" /var/lib/real-ss
       printf '#!/bin/sh\\n[ "$1" != -K ] || exit 0\\nexec /var/lib/real-ss "$@"\\n' > /var/lib/ss
       chmod +x /var/lib/ss; mount --bind /var/lib/ss "$(readlink -f "$(command -v ss)")"`,
    );
    expect(await suspect.run('cut')).toMatchObject({
      ok: false,
      error: 'connections-left',
      how: 'conntrack',
      left: 3,
    });
    for (const ends of Object.values(suspect.victims)) {
      expect(await heardOf(suspect, ends)).toEqual([]);
    }
    expect(await suspect.run('restore')).toMatchObject({ ok: true });
  });
});

hosts('A cut on a host that passes traffic on, for containers or as a NAT instance', () => {
  it('ends what goes through it, though the connection is another computer’s', async () => {
    const suspect = await suspectWith();
    const container = await startComputer();
    try {
      await wire(suspect.host, 'docker0', container, 'inner');
      await mustOn(
        suspect.host,
        `ip addr add 172.17.0.1/24 dev docker0; echo 1 > /proc/sys/net/ipv4/ip_forward
         iptables -t nat -A POSTROUTING -o eth0 -s 172.17.0.0/24 -j MASQUERADE`,
      );
      await mustOn(
        container,
        'ip addr add 172.17.0.2/24 dev inner; ip route add default via 172.17.0.1',
      );
      const inside = startTalker(container, ['connect', addresses.peer, '8443']);
      await inside.hears(/^connected/);
      expect(await suspect.run('cut')).toMatchObject({ ok: true });
      inside.say('from inside');
      await inside.hears(/^(error|closed)/);
      expect(suspect.victims.nat?.outside.lines).not.toContain('got from inside');
    } finally {
      container.stop();
    }
  });
});
