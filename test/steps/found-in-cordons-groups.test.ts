import { describe, expect, it } from 'vitest';
import type { IsolationDetail } from '../../src/case/details.ts';
import { isolationScene, risksOf } from './isolation-scene.ts';
import {
  anInstance,
  anInterface,
  anIsolationGroup,
  firstInterface,
  isolationId,
  transitionId,
  webGroup,
} from './sample-instance.ts';

const forensic = anIsolationGroup({
  id: 'sg-00000000000000c09',
  name: 'cordon-isolation-forensic',
});
const lockdown = anIsolationGroup({
  id: 'sg-00000000000000c05',
  name: `cordon-isolation-egress-lockdown-${webGroup}`,
});

/** What a run writes that has cut everything; and what an attacker may write in its name. */
const claim = {
  'cordon:step:isolate-network': '2026-03-01T02:51:00Z done cut=complete profile=full',
  'cordon:step:verify': '2026-03-01T02:51:10Z done cut=complete',
};

const found = (
  groupIds: readonly string[],
  more: { readonly tags?: Record<string, string>; readonly repeat?: boolean; state?: string } = {},
) => {
  const scene = isolationScene({ interfaces: [anInterface({ groupIds })] });
  for (const group of [forensic, lockdown]) scene.world.groups.add(group);
  const before = {
    ...scene.before,
    groups: [...scene.before.groups, forensic, lockdown],
    instance: anInstance({
      networkInterfaces: [anInterface({ groupIds })],
      tags: more.tags ?? {},
      state: more.state ?? 'running',
    }),
    repeat: more.repeat ?? false,
  };
  const run = async (): Promise<IsolationDetail> => (await scene.run({ before })).detail;
  return { ...scene, run };
};

const throughTransition = [
  `${firstInterface} ${transitionId}`,
  `${firstInterface} ${isolationId}`,
] as const;

describe('a host that somebody has put into groups of Cordon’s before the case', () => {
  // threat B4
  it.each([
    ['the isolation group beside its own', [webGroup, isolationId]],
    ['another of Cordon’s beside its own', [forensic.id, webGroup]],
    ['a clone, which lets in what the original lets in', [lockdown.id]],
    ['a clone beside the isolation group', [isolationId, lockdown.id]],
  ])('goes through the transition all the same: %s', async (_what, groupIds) => {
    const { world, run } = found(groupIds);
    const detail = await run();
    expect(world.moves).toEqual(throughTransition);
    expect(detail.cut).toBe('complete');
    expect(risksOf(detail)).not.toContain('transition-failed');
  });

  // threat B4
  it.each([
    ['in the one that it is to go to', [isolationId], []],
    ['in another', [forensic.id], [`${firstInterface} ${isolationId}`]],
    ['in two of them', [forensic.id, isolationId], [`${firstInterface} ${isolationId}`]],
  ])(
    'is not opened, and nobody claims that its connections were cut: %s',
    async (_where, groupIds, moves) => {
      const { world, run } = found(groupIds);
      const detail = await run();
      expect(world.moves).toEqual(moves);
      expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
      expect(detail.cut).toBe('new-flows-only');
      expect(risksOf(detail)).toContain('transition-failed');
      const risk = detail.risks.find((one) => one.risk === 'transition-failed');
      expect(risk?.explanation).toContain(`${firstInterface} was found isolated`);
    },
  );

  // threat B4
  it('is not believed by its tags alone: the groups have to say that Cordon was here', async () => {
    const detail = await found([forensic.id], { tags: claim }).run();
    expect(detail.cut).toBe('new-flows-only');
  });

  // threat B5
  it.each([
    ['in the same group', [isolationId]],
    ['in that of another profile', [forensic.id]],
  ])(
    'is believed where groups and trail say so: a case went before, %s',
    async (_where, groupIds) => {
      const { world, run } = found(groupIds, { tags: claim, repeat: true });
      const detail = await run();
      expect(world.moves).not.toContain(throughTransition[0]);
      expect(detail.cut).toBe('complete');
      expect(risksOf(detail)).not.toContain('transition-failed');
    },
  );

  // threat B4
  it('is doubted where the transition group stands beside its own: Cordon never leaves it so', async () => {
    const scene = found([webGroup, transitionId]);
    const detail = await scene.run();
    expect(scene.world.moves).toEqual([`${firstInterface} ${isolationId}`]);
    expect(detail.cut).toBe('new-flows-only');
    expect(risksOf(detail)).toContain('transition-failed');
  });

  it('is not doubted where an earlier run of Cordon left it in transition, alone', async () => {
    const detail = await found([transitionId]).run();
    expect(detail.cut).toBe('complete');
  });

  it('has no connections to doubt while it is stopped', async () => {
    const detail = await found([forensic.id], { state: 'stopped' }).run();
    expect(risksOf(detail)).not.toContain('transition-failed');
  });
});
