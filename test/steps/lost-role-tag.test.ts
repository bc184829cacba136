import { CreateTagsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { PrepareDetail } from '../../src/case/details.ts';
import { IsolationGroupUnavailableError } from '../../src/case/errors.ts';
import type { SecurityGroup } from '../../src/case/security-group.ts';
import { prepareIsolation } from '../../src/steps/prepare-isolation.ts';
import { denied } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import {
  aBefore,
  aCase,
  anInstance,
  anIsolationGroup,
  aTransitionGroup,
  firstInterface,
  isolationId,
  transitionId,
} from './sample-instance.ts';

const withoutRole = ({ role: _role, ...group }: SecurityGroup): SecurityGroup => group;

/** Cordon's own roles may tag a group only in the call that makes it. */
const scene = (groups: readonly SecurityGroup[]) => {
  const aws = fakeAws();
  const instance = anInstance();
  const world = new FakeEc2(aws, { instance, groups });
  for (const { id, role } of groups) {
    if (role === undefined) aws.ec2.on(CreateTagsCommand, { Resources: [id] }).rejects(denied());
  }
  const before = aBefore({ instance, groups });
  const run = async () =>
    (await prepareIsolation(aws.deps, { case: aCase(), before })).detail as PrepareDetail;
  return { aws, world, run };
};

describe('a group that has lost its role tag, and cannot be given it again', () => {
  // threat B10
  it('is passed over for the next: IAM would refuse to attach it', async () => {
    const { aws, world, run } = scene([withoutRole(anIsolationGroup()), aTransitionGroup()]);
    const detail = await run();
    const second = world.groups.named('cordon-isolation-full-2') ?? '';
    expect(detail.groups[firstInterface]).toEqual({
      isolation: [second],
      transition: transitionId,
    });
    expect(world.groups.rules(second)).toEqual([]);
    expect(world.tagsOf(second)).toMatchObject({ 'cordon:role': 'isolation' });
    expect(aws.log.text).toContain('has lost its tag');
  });

  it('is passed over for one that another case has made meanwhile', async () => {
    const second = anIsolationGroup({
      id: 'sg-00000000000000c07',
      name: 'cordon-isolation-full-2',
    });
    const { run } = scene([withoutRole(anIsolationGroup()), second, aTransitionGroup()]);
    expect((await run()).groups[firstInterface]?.isolation).toEqual([second.id]);
  });

  // threat B10
  it('costs the transition only, where it is the transition group; the risk is told', async () => {
    const { run } = scene([anIsolationGroup(), withoutRole(aTransitionGroup())]);
    const detail = await run();
    expect(detail.groups[firstInterface]).toEqual({ isolation: [isolationId] });
    expect(detail.risks.map(({ risk }) => risk)).toEqual(['transition-failed']);
  });

  // threat B10
  it('is an error that says so only when all nine have lost it', async () => {
    const nine = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((suffix) =>
      withoutRole(
        anIsolationGroup({
          id: `sg-00000000000000e0${suffix}`,
          name: suffix === 1 ? 'cordon-isolation-full' : `cordon-isolation-full-${suffix}`,
        }),
      ),
    );
    await expect(scene(nine).run()).rejects.toThrow(IsolationGroupUnavailableError);
    const { world, run } = scene(nine.slice(0, 8));
    const { groups } = await run();
    expect(groups[firstInterface]?.isolation).toEqual([
      world.groups.named('cordon-isolation-full-9'),
    ]);
  });
});
