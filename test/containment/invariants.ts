import { DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import { expect } from 'vitest';
import { isCordonGroupName } from '../../src/case/isolation-group.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { readOriginalGroups } from '../../src/record/trail/original-groups.ts';
import type { Scene } from './by-hand.ts';
import { worldState } from './world-state.ts';

/** What an interface had before anything happened. */
export type Originals = ReadonlyMap<string, readonly string[]>;

const readInterfaces = async ({ clients, world }: Scene) => {
  const { NetworkInterfaces = [] } = await clients.ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
    }),
  );
  return NetworkInterfaces.map((one) => ({
    id: one.NetworkInterfaceId ?? '',
    groups: (one.Groups ?? []).map((group) => group.GroupId ?? ''),
    names: (one.Groups ?? []).map((group) => group.GroupName ?? ''),
    tags: Object.fromEntries((one.TagSet ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
  }));
};

export const readOriginals = async (scene: Scene): Promise<Originals> =>
  new Map((await readInterfaces(scene)).map(({ id, groups }) => [id, groups.toSorted()]));

/** True when every interface of the suspect is in isolation groups and in nothing else. */
export const isIsolated = async (scene: Scene): Promise<boolean> =>
  (await readInterfaces(scene)).every(
    ({ names }) => names.length > 0 && names.every((name) => name.startsWith('cordon-isolation-')),
  );

/** The originals can be had again: from the tags, or, as the report says, from the log alone. */
const expectOriginals = async (scene: Scene, report: CaseReport, originals: Originals) => {
  const fromLogOnly = report.residualRisks.some(({ risk }) => risk === 'undo-from-log-only');
  for (const { id, names, tags } of await readInterfaces(scene)) {
    if (!names.some(isCordonGroupName)) continue;
    const written = readOriginalGroups(tags).toSorted();
    if (written.length === 0 && fromLogOnly) continue;
    expect(written, `the originals of ${id}`).toEqual(originals.get(id));
  }
};

/** Nothing that the report claims is otherwise in the world. */
const expectHonesty = async (scene: Scene, report: CaseReport) => {
  const state = await worldState(scene);
  const claims = (name: string): boolean =>
    report.proof.some(({ control, holds }) => control === name && holds === true);
  const isolated = await isIsolated(scene);
  if (report.status === 'contained' || report.status === 'partial') expect(isolated).toBe(true);
  if (claims('eni-groups')) expect(isolated).toBe(true);
  if (claims('asg-membership')) expect(state.suspectIsMember).toBe(false);
  if (claims('targets')) {
    expect(Object.values(state.targets).some(({ suspect }) => suspect)).toBe(false);
    expect(state.classic.some(({ suspect }) => suspect)).toBe(false);
  }
  if (claims('termination-protection')) expect(state.suspect.termination).toBe(true);
  if (claims('stop-protection')) expect(state.suspect.stop).toBe(true);
  if (claims('shutdown-behavior')) expect(state.suspect.shutdown).toBe('stop');
  if (claims('delete-on-termination')) {
    expect(state.deleteOnTermination.every((line) => line.endsWith('false'))).toBe(true);
  }
  if (claims('snapshots')) expect(state.snapshots).toBeGreaterThanOrEqual(3);
  expect(state.snapshots, 'a second set of snapshots').toBeLessThanOrEqual(3);
  expect(state.healthyGroups).toEqual([['web']]);
  expect(state.healthyIsMember).toBe(true);
};

/** What must hold however badly AWS behaved. */
export const expectInvariants = async (
  scene: Scene,
  report: CaseReport,
  originals: Originals,
): Promise<void> => {
  await expectOriginals(scene, report, originals);
  await expectHonesty(scene, report);
};
