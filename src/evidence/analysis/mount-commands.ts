import type { AnalysedVolume } from './analyse.ts';

type Copy = Pick<AnalysedVolume, 'volumeId' | 'device'>;

/**
 * What NVMe shows as the serial number: the id without its hyphen
 * (https://docs.aws.amazon.com/ebs/latest/userguide/nvme-ebs-volumes.html).
 */
const serialOf = (volumeId: string): string => volumeId.replaceAll(/[^a-z0-9]/g, '');

/**
 * For a shell on Linux, as root. The device is found by its serial number, because NVMe numbers are given in
 * no certain order; on Xen it bears the name of the attachment. `noload` and `norecovery` keep a journal from
 * being replayed, which writes even under `ro`; `nouuid` lets xfs mount the copy of the root that it runs on.
 */
const onLinux = ({ volumeId, device }: Copy): readonly string[] => {
  const letter = /([a-z])\d*$/.exec(device)?.[1] ?? 'f';
  const serial = serialOf(volumeId);
  const folder = `/mnt/${serial}`;
  return [
    `device=$(lsblk -dpno NAME,SERIAL | awk '$2 == "${serial}" { print $1 }')`,
    `device=\${device:-/dev/xvd${letter}}`,
    'lsblk -lpno NAME "$device" | xargs -n 1 blockdev --setro',
    'lsblk -o NAME,SERIAL,SIZE,FSTYPE,RO "$device"',
    `mkdir -p ${folder}`,
    '# then the partition that you want, by its file system:',
    `mount -t ext4 -o ro,noload,nodev,nosuid,noexec "\${device}p1" ${folder}`,
    `mount -t xfs -o ro,norecovery,nouuid,nodev,nosuid,noexec "\${device}p1" ${folder}`,
    '# without partitions, and on Xen, leave "p1" out or write "1".',
  ];
};

/**
 * For PowerShell on Windows, as an administrator. The disk is made read-only before it comes online; where the
 * SAN policy has brought it online at once, Windows may have written to the copy already.
 */
const onWindows = ({ volumeId }: Copy): readonly string[] => [
  `$disk = Get-Disk | Where-Object SerialNumber -like '${serialOf(volumeId)}*'`,
  'Set-Disk -Number $disk.Number -IsReadOnly $true',
  'Set-Disk -Number $disk.Number -IsOffline $false',
  'Get-Disk -Number $disk.Number | Format-List Number, SerialNumber, IsReadOnly, IsOffline',
  'Get-Partition -DiskNumber $disk.Number',
];

/** The commands that look at a copy without writing to it, on the instance that it is attached to. */
export const mountCommands = (copy: Copy, isWindows: boolean): readonly string[] =>
  isWindows ? onWindows(copy) : onLinux(copy);
