import { execFileSync } from 'node:child_process';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analysisText } from '../../../src/evidence/analysis/analysis-text.ts';
import { mountCommands } from '../../../src/evidence/analysis/mount-commands.ts';
import { anExaminer, copyId, originals, snapshotId, theCase } from './sample.ts';

const copy = { volumeId: copyId, device: '/dev/sdg' };

/** What the commands come to in a shell whose `lsblk` lists these disks; the others say how they are called. */
const run = (disks: string): string =>
  execFileSync(
    'bash',
    [
      '-euc',
      [
        `lsblk() { case "$1" in -dpno) printf '%s\\n' '${disks}';; -lpno) printf '%s\\n' "$3" "$3"p1;; *) echo "lsblk $*";; esac; }`,
        'xargs() { while read -r one; do echo "$3 $4 $one"; done; }',
        'mount() { echo "mount $*"; }; mkdir() { :; }',
        ...mountCommands(copy, false),
      ].join('\n'),
    ],
    { encoding: 'utf8' },
  );

describe('The commands that look at a copy', () => {
  it('find it by its serial number among the disks of the instance, and set it read-only first', () => {
    const disks = `/dev/nvme0n1 vol0000000000000dead\n/dev/nvme3n1 ${copyId.replace('-', '')}`;
    const lines = run(disks).trim().split('\n');
    expect(lines.slice(0, 2)).toEqual([
      'blockdev --setro /dev/nvme3n1',
      'blockdev --setro /dev/nvme3n1p1',
    ]);
    const mounts = lines.filter((one) => one.startsWith('mount'));
    expect(mounts).toEqual([
      expect.stringMatching(/^mount -t ext4 -o ro,noload,nodev,nosuid,noexec \/dev\/nvme3n1p1 /),
      expect.stringMatching(
        /^mount -t xfs -o ro,norecovery,nouuid,nodev,nosuid,noexec \/dev\/nvme3n1p1 /,
      ),
    ]);
  });

  it('take the name of the attachment where disks have no serial number', () => {
    expect(run('/dev/xvda ')).toContain('blockdev --setro /dev/xvdg');
  });

  it('set the disk read-only before it comes online on Windows', () => {
    const text = mountCommands(copy, true).join('\n');
    expect(text.indexOf('-IsReadOnly $true')).toBeGreaterThan(0);
    expect(text.indexOf('-IsReadOnly $true')).toBeLessThan(text.indexOf('-IsOffline $false'));
  });

  it('have nothing of a name in them that a shell could obey', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.boolean(), (volumeId, device, isWindows) => {
        const usual = mountCommands({ volumeId: 'vol-0', device: '/dev/sdf' }, isWindows);
        const these = mountCommands({ volumeId, device }, isWindows);
        const bare = (lines: readonly string[]) =>
          lines.map((line) => line.replaceAll(/[a-z0-9]/g, ''));
        expect(bare(these)).toEqual(bare(usual));
      }),
    );
  });
});

it('Words of others stand on one line in the text', () => {
  const open = ['snap-a: boom\u001b[2J\nANALYSE: 9 volumes'];
  const volume = {
    ...{ volumeId: copyId, snapshotId, originalId: originals[0], device: '/dev/sdf' },
    ...{ sizeGib: 8, encrypted: true, deleteOnTermination: true, outcome: 'already' as const },
  };
  const text = analysisText(theCase, anExaminer(), { volumes: [volume], open });
  expect(text).not.toContain('\u001b');
  expect(text.split('\n').filter((line) => line.startsWith('ANALYSE'))).toHaveLength(1);
  expect(text).toContain('AWS deletes it when the instance is terminated');
});
