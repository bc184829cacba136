import { once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blockBytes, hashOf } from '../../../src/evidence/memory/block.ts';
import { blankHeader, readHeader } from '../../../src/evidence/memory/header.ts';
import type { HostWorld } from './host-world.ts';
import { hostWorld, kindsOfDevices, origin, someMemory, volumes } from './host-world.ts';

const onLinux = process.platform === 'linux';

describe.runIf(onLinux).each(kindsOfDevices)(
  'the script on a host whose volumes are %s',
  (kind) => {
    let host: HostWorld;
    beforeEach(() => {
      host = hostWorld(kind);
    });
    afterEach(() => host.end());

    /** Not a byte of the volume is other than Cordon made it. */
    const expectUntouched = () => {
      const expected = Buffer.alloc(origin.volumeBytes);
      blankHeader(origin).copy(expected);
      expect(host.volume().equals(expected)).toBe(true);
      expect(host.leftOver()).toBe(false);
    };

    const expectImage = () => {
      const memory = readFileSync(host.memory);
      const volume = host.volume();
      expect(volume.subarray(blockBytes, blockBytes + memory.length).equals(memory)).toBe(true);
      expect(readHeader(volume)).toMatchObject({
        ...origin,
        state: 'complete',
        tool: 'avml',
        toolSha256: host.toolSha256,
        source: '/proc/kcore',
        kernel: '6.1.112',
        length: memory.length,
        imageSha256: hashOf(memory).toString('hex'),
      });
      expect(host.leftOver()).toBe(false);
    };

    it('writes the memory behind the header, with its hash, and leaves nothing on the host', () => {
      host.attachBoth();
      const told = host.run();
      expect(told).toMatchObject({ outcome: 'done', device: '/dev/nvme2n1', status: 0 });
      expectImage();
    });

    it('says the same when it is run twice, and writes nothing', () => {
      host.attachBoth();
      const { outcome: _, ...first } = host.run();
      const written = host.volume();
      writeFileSync(host.memory, someMemory(1024 ** 2));
      expect(host.run()).toEqual({ ...first, outcome: 'already' });
      expect(host.volume().equals(written)).toBe(true);
    });

    it.each(['SIGTERM', 'SIGKILL'] as const)(
      'begins again from the start when %s has ended it in the middle',
      async (signal) => {
        host.attachBoth();
        const hold = join(host.bin, 'hold');
        writeFileSync(hold, '');
        const first = host.begin({ STAND_IN_HOLD: hold });
        while (!existsSync(`${hold}.held`)) await wait(20);
        expect(host.run()).toMatchObject({ outcome: 'refused', code: 'busy' });
        first.kill(signal);
        await once(first, 'exit');
        expect(readHeader(host.volume())).toMatchObject({ state: 'writing' });
        writeFileSync(host.memory, someMemory(3 * 1024 ** 2));
        rmSync(hold);
        // The tool outlives its shell for a moment, and holds its lock.
        await expect.poll(() => host.run(), { timeout: 60_000 }).toMatchObject({ outcome: 'done' });
        expectImage();
      },
    );

    it('refuses a volume with the nonce of another case', () => {
      const other = blankHeader({ ...origin, nonce: '00'.repeat(32) });
      host.spoil(0, other);
      host.attachBoth();
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'wrong-nonce', status: 3 });
      expect(host.volume().subarray(0, other.length).equals(other)).toBe(true);
    });

    it('refuses a volume of another size', () => {
      host.attachBoth();
      host.write('sys/block/nvme2n1/size', '2048\n');
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'wrong-size' });
      expectUntouched();
    });

    it('refuses a volume that holds anything else', () => {
      const data = Buffer.from('a file system');
      host.spoil(65_600, data);
      host.attachBoth();
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'not-blank' });
      expect(
        host
          .volume()
          .subarray(65_600, 65_600 + data.length)
          .equals(data),
      ).toBe(true);
    });

    it.each([
      ['mounted', 'proc/self/mountinfo', '40 22 259:9 / /data rw - ext4 /dev/nvme2n1 rw\n'],
      ['swapped to', 'proc/swaps', '/dev/nvme2n1 partition 100 0 -2\n'],
    ])('refuses a volume that is %s', (_, path, text) => {
      host.attachBoth();
      appendFileSync(host.at(path), text);
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'in-use' });
      expectUntouched();
    });

    it('refuses a volume that has partitions, or under which another device lies', () => {
      host.attachBoth();
      host.write('sys/block/nvme2n1/nvme2n1p1/partition', '1\n');
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'in-use' });
      rmSync(host.at('sys/block/nvme2n1/nvme2n1p1'), { recursive: true });
      host.write('sys/block/nvme2n1/holders/dm-0', '');
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'in-use' });
      expectUntouched();
    });

    it('refuses two devices with the serial of one volume', () => {
      host.attachBoth();
      host.attach(
        'nvme3n1',
        volumes.blank.replace('-', ''),
        host.file('other', 1024 ** 2),
        1024 ** 2,
      );
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'two-devices' });
      expectUntouched();
    });

    it.each(['', 'vol0123456789abcdef1', '$(touch /tmp/owned)', '*', 'vol0123456789abcdef0x'])(
      'finds no device where the only other one has the serial %j',
      (serial) => {
        host.attach('nvme2n1', serial, host.blank, origin.volumeBytes);
        expect(host.run()).toMatchObject({ outcome: 'refused', code: 'no-device' });
        expectUntouched();
      },
    );

    it('knows a device of Xen by its letter, where it has no serial', () => {
      host.attachBoth();
      rmSync(host.at('sys/block/nvme2n1'), { recursive: true });
      host.attach('xvdo', '', host.blank, origin.volumeBytes);
      expect(host.run()).toMatchObject({ outcome: 'done', device: '/dev/xvdo' });
      expectImage();
    });

    it('runs no tool whose hash is not the published one', () => {
      host.attachBoth();
      const told = host.run({ CORDON_TOOL_SHA256: '00'.repeat(32) });
      expect(told).toMatchObject({ outcome: 'refused', code: 'wrong-tool' });
      expectUntouched();
    });

    it('runs no tool that its own list does not have', () => {
      writeFileSync(join(host.toolkit, 'SHA256SUMS'), `${'00'.repeat(32)}  avml\n`);
      host.attachBoth();
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'wrong-tool' });
      expectUntouched();
    });

    it('says that the tools are missing where their volume has none', () => {
      rmSync(join(host.toolkit, 'avml'));
      host.attachBoth();
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'no-tools' });
      expectUntouched();
    });

    it('stops where the kernel is locked down', () => {
      host.attachBoth();
      host.write('sys/kernel/security/lockdown', 'none integrity [confidentiality]\n');
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'lockdown' });
      expectUntouched();
    });

    it('goes on where only the integrity of the kernel is locked down', () => {
      host.attachBoth();
      host.write('sys/kernel/security/lockdown', 'none [integrity] confidentiality\n');
      expect(host.run()).toMatchObject({ outcome: 'done' });
    });

    it.each([
      ['wrong-machine', {}, { STAND_IN_MACHINE: 'aarch64' }],
      ['low-memory', { 'proc/meminfo': 'MemTotal: 6144 kB\nMemAvailable: 60000 kB\n' }, {}],
      ['volume-too-small', { 'proc/meminfo': 'MemTotal: 8192 kB\nMemAvailable: 90000 kB\n' }, {}],
      ['low-memory', { 'proc/meminfo': 'nonsense $(reboot)\n' }, {}],
    ])('stops before it writes: %s', (code, files, changes) => {
      host.attachBoth();
      for (const [path, text] of Object.entries(files)) host.write(path, text);
      expect(host.run(changes)).toMatchObject({ outcome: 'refused', code });
      expectUntouched();
    });

    it('stops where the kernel offers no way to its memory', () => {
      host.attachBoth();
      rmSync(host.at('proc/kcore'));
      expect(host.run()).toMatchObject({ outcome: 'refused', code: 'no-source' });
      expectUntouched();
    });

    it('does not call an image complete whose tool failed', () => {
      host.attachBoth();
      const told = host.run({ STAND_IN_STATUS: '7' });
      expect(told).toMatchObject({ outcome: 'failed', code: 'tool-failed', status: 4 });
      expect(readHeader(host.volume())).toMatchObject({ state: 'writing' });
      expect(host.leftOver()).toBe(false);
    });

    it('does not call an image complete whose tool wrote nothing', () => {
      writeFileSync(host.memory, '');
      host.attachBoth();
      expect(host.run()).toMatchObject({ outcome: 'failed', code: 'tool-failed' });
      expect(readHeader(host.volume())).toMatchObject({ state: 'writing' });
    });

    it('says in one line of JSON what a tool says, whatever that is', () => {
      host.attachBoth();
      const told = host.run({ STAND_IN_IMAGE: '/nowhere/"}\n{"outcome":"done"' });
      expect(told).toMatchObject({ outcome: 'failed', code: 'tool-failed' });
    });

    it.runIf(kind === 'loop devices')('does not call an image complete that did not fit', () => {
      writeFileSync(host.memory, someMemory(9 * 1024 ** 2));
      host.attachBoth();
      expect(host.run()).toMatchObject({ outcome: 'failed', code: 'volume-full' });
      expect(readHeader(host.volume())).toMatchObject({ state: 'writing' });
      expect(host.leftOver()).toBe(false);
    });
  },
);
