import type { ResidualRisk } from '../risk.ts';

/** Volume by volume is not at one instant: what spans several volumes may not fit together. */
export const snapshotsApart = (count: number): ResidualRisk => ({
  risk: 'snapshots-not-at-one-instant',
  explanation: `AWS did not take the ${count} snapshots at one instant, so they were taken volume by volume: what spans volumes (RAID, LVM, a database with its log) may not fit together.`,
  remedy: 'Read each volume by itself; the instance still has all of them.',
});
