import { CreateSecurityGroupCommand } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { isolateOrPrepare } from '../../src/steps/isolate-alone.ts';
import { denied } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import { aBefore, aCase, firstInterface, isolationId, vpcId, webGroup } from './sample-instance.ts';

it('isolation run alone prepares for itself: groups and tags first, then the cut', async () => {
  const aws = fakeAws();
  const world = new FakeEc2(aws);
  const before = aBefore({ groups: [] });
  const { outcome } = await isolateOrPrepare(aws.deps, { case: aCase(), before });
  expect(outcome).toBe('done');
  expect(world.groupsOf(firstInterface)).toEqual([
    world.groups.named('cordon-isolation-full', vpcId),
  ]);
  expect(world.tagsOf(firstInterface)['cordon:original-groups']).toBe(webGroup);
});

it('isolation after prepare-isolation uses what that has prepared', async () => {
  const aws = fakeAws();
  const before = aBefore();
  const world = new FakeEc2(aws, { groups: before.groups });
  const prepared = {
    groups: { [firstInterface]: { isolation: [isolationId] } },
    originals: {},
    risks: [],
  };
  await isolateOrPrepare(aws.deps, { case: aCase(), before, prepared });
  expect(world.moves).toEqual([`${firstInterface} ${isolationId}`]);
  expect(aws.ec2).not.toHaveReceivedCommand(CreateSecurityGroupCommand);
});

it('isolation run alone opens nothing when no isolation group can be made', async () => {
  const aws = fakeAws();
  const world = new FakeEc2(aws);
  aws.ec2.on(CreateSecurityGroupCommand, { GroupName: 'cordon-isolation-full' }).rejects(denied());
  const before = aBefore({ groups: [] });
  await expect(isolateOrPrepare(aws.deps, { case: aCase(), before })).rejects.toMatchObject({
    name: 'AwsDeniedError',
  });
  expect(world.moves).toEqual([]);
});

it('a rehearsal of isolation alone changes nothing', async () => {
  const aws = fakeAws();
  const world = new FakeEc2(aws);
  const input = { case: aCase({ dryRun: true }), before: aBefore({ groups: [] }) };
  expect((await isolateOrPrepare(aws.deps, input)).outcome).toBe('planned');
  expect(world.moves).toEqual([]);
  expect(world.groups.named('cordon-isolation-full')).toBeUndefined();
});
