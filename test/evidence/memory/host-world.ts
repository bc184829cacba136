import { spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { hashOf } from '../../../src/evidence/memory/block.ts';
import type { Origin } from '../../../src/evidence/memory/header.ts';
import { blankHeader } from '../../../src/evidence/memory/header.ts';

/** What the volumes are made of: files need nothing, loop devices need Linux and root. */
export type Devices = 'files' | 'loop devices';

const has = (command: string, ...args: readonly string[]): boolean =>
  spawnSync(command, args, { stdio: 'ignore' }).status === 0;

export const kindsOfDevices: readonly Devices[] =
  process.getuid?.() === 0 && has('losetup', '-f') && existsSync('/usr/sbin/mkfs.ext4')
    ? ['files', 'loop devices']
    : ['files'];

const script = join(import.meta.dirname, '../../../src/evidence/memory/scripts/acquire-linux.sh');

export const volumes = { blank: 'vol-0123456789abcdef0', tools: 'vol-0fedcba9876543210' };

const mebibyte = 1024 ** 2;

export const origin: Origin = {
  caseId: '20261126T0210Z-i-0123456789abcdef0',
  instanceId: 'i-0123456789abcdef0',
  nonce: 'ab12'.repeat(16),
  volumeBytes: 8 * mebibyte,
};

/** Speaks as AVML does, and writes a file in place of the memory; it can be held in the middle. */
const standInTool = `#!/bin/sh
if [ "$1" = --help ]; then echo '  acquire  Acquire a memory snapshot'; exit 0; fi
[ "$1 $2 $3" = 'acquire --source /proc/kcore' ] || { echo "cannot read \\"$3\\"" >&2; exit 2; }
exec 4>"$4"
head -c 1048576 "$STAND_IN_IMAGE" >&4 || exit 1
if [ -n "\${STAND_IN_HOLD-}" ]; then touch "$STAND_IN_HOLD.held"; while [ -e "$STAND_IN_HOLD" ]; do sleep 0.05; done; fi
tail -c +1048577 "$STAND_IN_IMAGE" >&4 || exit 1
exit "\${STAND_IN_STATUS:-0}"
`;

const standIns = {
  uname: `#!/bin/sh\ncase $1 in -s) echo Linux ;; -m) echo "\${STAND_IN_MACHINE:-x86_64}" ;; *) echo "6.1.112" ;; esac\n`,
  mount: '#!/bin/sh\n[ "$(head -c 4 "$5")" = ext4 ] && cp -r "$STAND_IN_TOOLS/." "$6"\n',
  umount: '#!/bin/sh\nrm -rf "$1"/* 2>/dev/null\n',
};

const program = (path: string, text: string): void => {
  writeFileSync(path, text);
  chmodSync(path, 0o755);
};

const execute = (command: string, ...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
};

/** Memory of a host: a Linux kernel names itself in it, and no two blocks are equal. */
export const someMemory = (bytes: number): Buffer => {
  const memory = Buffer.alloc(bytes);
  for (let at = 0; at < bytes; at += 4096) memory.writeUInt32LE(at + 1, at);
  memory.write('Linux version 6.1.112 (builder@here) #1 SMP', 70_000, 'latin1');
  return memory;
};

/** What the script prints, and how it ended. */
type Told = Readonly<Record<string, unknown>>;

/** Which volumes the host has been given, where they are others than those of the stories. */
interface Given {
  readonly origin: Origin;
  readonly volumes: typeof volumes;
  /** The content of the blank volume. */
  readonly blank: string;
  readonly memory: Buffer;
}

/** A host with the volumes of a case, as far as the script looks at it. */
export const hostWorld = (devices: Devices, given?: Given) => {
  const of = given?.origin ?? origin;
  const ids = given?.volumes ?? volumes;
  const folder = mkdtempSync(join(tmpdir(), 'cordon-host-'));
  const root = join(folder, 'root');
  const loops: string[] = [];
  const at = (path: string) => join(root, path);
  const write = (path: string, content: string | Buffer) => {
    mkdirSync(join(at(path), '..'), { recursive: true });
    writeFileSync(at(path), content);
  };

  /** A device with this serial that is the file, or a loop device over it. */
  const attach = (name: string, serial: string, file: string, bytes: number) => {
    write(`sys/block/${name}/device/serial`, serial === '' ? '' : `${serial.padEnd(20)}\n`);
    write(`sys/block/${name}/size`, `${bytes / 512}\n`);
    mkdirSync(at(`sys/block/${name}/holders`), { recursive: true });
    mkdirSync(at('dev'), { recursive: true });
    let path = file;
    let numbers = '259:7';
    if (devices === 'loop devices') {
      path = execute('losetup', '-f', '--show', file);
      loops.push(path);
      numbers = `7:${basename(path).slice(4)}`;
    }
    write(`sys/block/${name}/dev`, `${numbers}\n`);
    symlinkSync(path, at(`dev/${name}`));
    return path;
  };

  const file = (name: string, bytes: number, content: Buffer | string = '') => {
    const path = join(folder, name);
    writeFileSync(path, content);
    truncateSync(path, bytes);
    return path;
  };

  const bin = join(folder, 'bin');
  mkdirSync(bin);
  program(join(bin, 'uname'), standIns.uname);
  const toolkit = join(folder, 'toolkit');
  mkdirSync(toolkit);
  program(join(toolkit, 'avml'), standInTool);
  const toolSha256 = hashOf(Buffer.from(standInTool)).toString('hex');
  writeFileSync(join(toolkit, 'SHA256SUMS'), `${toolSha256}  avml\n`);
  const tools = file('tools', 4 * mebibyte, 'ext4');
  if (devices === 'files') {
    program(join(bin, 'mount'), standIns.mount);
    program(join(bin, 'umount'), standIns.umount);
  }
  const blank = given?.blank ?? file('blank', of.volumeBytes, blankHeader(of));
  const memory = join(folder, 'memory');
  writeFileSync(memory, given?.memory ?? someMemory(5 * mebibyte + 32));
  write('proc/self/mountinfo', '22 1 259:1 / / rw - xfs /dev/nvme0n1p1 rw\n');
  write('proc/swaps', 'Filename Type Size Used Priority\n');
  write('proc/meminfo', 'MemTotal:        6144 kB\nMemAvailable:   2097152 kB\n');
  write('proc/kcore', '');
  write('sys/kernel/security/lockdown', '[none] integrity confidentiality\n');
  mkdirSync(at('run'));

  const environment = (changes: Readonly<Record<string, string>>) => ({
    PATH: `${bin}:${process.env.PATH}`,
    CORDON_ROOT: root,
    CORDON_CASE: of.caseId,
    CORDON_INSTANCE: of.instanceId,
    CORDON_NONCE: of.nonce,
    CORDON_VOLUME_BYTES: String(of.volumeBytes),
    CORDON_TOOL: 'avml',
    CORDON_TOOL_SHA256: toolSha256,
    CORDON_BLANK_VOLUME: ids.blank,
    CORDON_BLANK_DEVICE: '/dev/sdo',
    CORDON_TOOLS_VOLUME: ids.tools,
    CORDON_TOOLS_DEVICE: '/dev/sdn',
    STAND_IN_IMAGE: memory,
    STAND_IN_TOOLS: toolkit,
    ...changes,
  });

  /** The last line of what the script says, as an object. */
  const toldIn = (stdout: string): Told => JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');

  return {
    memory,
    toolkit,
    bin,
    file,
    attach,
    write,
    at,
    toolSha256,
    /** Both volumes where they belong, after the tools were put onto theirs. */
    attachBoth: () => {
      if (devices === 'loop devices') execute('mkfs.ext4', '-q', '-d', toolkit, tools);
      attach('nvme1n1', ids.tools.replace('-', ''), tools, 4 * mebibyte);
      attach('nvme2n1', ids.blank.replace('-', ''), blank, of.volumeBytes);
    },
    run: (changes: Readonly<Record<string, string>> = {}): Told => {
      const { stdout, stderr, status } = spawnSync('sh', [script], {
        env: environment(changes),
        encoding: 'utf8',
      });
      return { ...toldIn(stdout === '' ? JSON.stringify({ stderr }) : stdout), status, stderr };
    },
    begin: (changes: Readonly<Record<string, string>> = {}) =>
      spawn('sh', [script], { env: environment(changes), stdio: ['ignore', 'pipe', 'pipe'] }),
    toldIn,
    /** What is on the blank volume, read as the examiner would. */
    volume: () => {
      if (devices === 'loop devices') execute('sync');
      return readFileSync(blank);
    },
    /** Writes bytes onto the blank volume before the script sees it. */
    spoil: (position: number, bytes: Buffer) => {
      const open = openSync(blank, 'r+');
      writeSync(open, bytes, 0, bytes.length, position);
      closeSync(open);
    },
    leftOver: () => existsSync(at('run/cordon-memory')),
    blank,
    end: () => {
      for (const loop of loops) {
        spawnSync('umount', ['-A', loop]);
        spawnSync('losetup', ['-d', loop]);
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type HostWorld = ReturnType<typeof hostWorld>;
