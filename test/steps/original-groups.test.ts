import { CreateSecurityGroupCommand, CreateTagsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import type { Before, NetworkInterface } from '../../src/case/before.ts';
import type { PlanDetail, PrepareDetail } from '../../src/case/details.ts';
import { prepareIsolation } from '../../src/steps/prepare-isolation.ts';
import { denied } from './aws-error.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import {
  aBefore,
  aCase,
  adminGroup,
  anInstance,
  anInterface,
  anIsolationGroup,
  anotherInterface,
  aTransitionGroup,
  caseId,
  firstInterface,
  instanceId,
  isolationId,
  secondInterface,
  transitionId,
  vpcId,
  webGroup,
} from './sample-instance.ts';

const scene = (interfaces: readonly NetworkInterface[], change: Partial<Before> = {}) => {
  const aws = fakeAws();
  const instance = anInstance({ networkInterfaces: interfaces });
  const groups = [anIsolationGroup(), aTransitionGroup()];
  const world = new FakeEc2(aws, { instance, groups });
  const before = aBefore({ instance, groups, ...change });
  const run = async (dryRun = false) => {
    const { outcome, detail } = await prepareIsolation(aws.deps, {
      case: aCase({ dryRun }),
      before,
    });
    return { outcome, detail: detail as PrepareDetail };
  };
  return { aws, world, run };
};

describe('the original groups of an interface', () => {
  // threat C6
  it('are written to its tags, separated by one space, with the case', async () => {
    const { world, run } = scene([anInterface({ groupIds: [webGroup, adminGroup] })]);
    const { detail } = await run();
    expect(world.tagsOf(firstInterface)).toEqual({
      'cordon:case': caseId,
      'cordon:original-groups': `${webGroup} ${adminGroup}`,
      'cordon:before:idle-timeouts': 'tcp=default udp-stream=default udp=default',
    });
    expect(detail.originals).toEqual({ [firstInterface]: [webGroup, adminGroup] });
  });

  it('are continued in a second tag when sixteen do not fit into one', async () => {
    const groupIds = Array.from({ length: 16 }, (_, n) => `sg-000000000000000${n + 10}`);
    const { world, run } = scene([anInterface({ groupIds })]);
    await run();
    const tags = world.tagsOf(firstInterface);
    const [one = '', two = ''] = [tags['cordon:original-groups'], tags['cordon:original-groups:2']];
    expect(`${one} ${two}`.split(' ')).toEqual(groupIds);
    expect(one.length).toBeLessThanOrEqual(256);
  });

  it('of each interface are its own', async () => {
    const { world, run } = scene([anInterface(), anotherInterface()]);
    await run();
    expect(world.tagsOf(firstInterface)['cordon:original-groups']).toBe(webGroup);
    expect(world.tagsOf(secondInterface)['cordon:original-groups']).toBe(adminGroup);
  });

  it('stay in the log alone when tagging is denied; the cut goes on, and the risk is told', async () => {
    const { aws, run } = scene([anInterface()]);
    aws.ec2.on(CreateTagsCommand).rejects(denied());
    const { outcome, detail } = await run();
    expect(outcome).toBe('done');
    expect(detail.groups[firstInterface]?.isolation).toEqual([isolationId]);
    expect(detail.risks.map(({ risk }) => risk)).toEqual(['undo-from-log-only']);
    expect(detail.originals).toEqual({ [firstInterface]: [webGroup] });
    expect(aws.log.text).toContain(webGroup);
  });

  it('are not written again in a repeat, which would make the isolation group an original', async () => {
    const isolated = anInterface({ groupIds: [isolationId] });
    const { aws, run } = scene([isolated], { repeat: true });
    expect((await run()).outcome).toBe('already');
    expect(aws.ec2).not.toHaveReceivedCommandWith(CreateTagsCommand, {
      Resources: [firstInterface],
    });
  });
});

describe('groups of Cordon itself', () => {
  it('are no originals: an interface found in transition keeps the tags it has', async () => {
    const { aws, run } = scene([anInterface({ groupIds: [transitionId] })]);
    expect((await run()).detail.originals).toEqual({});
    expect(aws.ec2).not.toHaveReceivedCommandWith(CreateTagsCommand, {
      Resources: [firstInterface],
    });
  });

  it('are left out beside others', async () => {
    const { world, run } = scene([anInterface({ groupIds: [transitionId, webGroup] })]);
    await run();
    expect(world.tagsOf(firstInterface)['cordon:original-groups']).toBe(webGroup);
  });

  it('are no originals either when the list of groups does not show them yet', async () => {
    // The instance shows the group's name with the interface, the list of groups not yet.
    const networkInterface = anInterface({
      groupIds: [isolationId],
      cordonGroupIds: [isolationId],
    });
    const { aws, world, run } = scene([networkInterface], { groups: [] });
    await run().catch(() => undefined);
    expect(aws.ec2).toHaveReceivedCommand(CreateSecurityGroupCommand);
    expect(world.tagsOf(firstInterface)['cordon:original-groups']).toBeUndefined();
  });
});

describe('a dry run', () => {
  it('rehearses the tags, and changes nothing', async () => {
    const { aws, world, run } = scene([anInterface()]);
    const { outcome, detail } = await run(true);
    expect(outcome).toBe('planned');
    expect((detail as unknown as PlanDetail).calls).toMatchObject([
      {
        call: 'ec2:CreateTags',
        resource: firstInterface,
        after: 'with cordon:case, cordon:original-groups, cordon:before:idle-timeouts',
        permission: 'allowed',
      },
      { call: 'ec2:CreateTags', resource: instanceId, permission: 'allowed' },
    ]);
    expect(world.tagsOf(firstInterface)).toEqual({});
    expect(aws.ec2).toHaveReceivedCommandWith(CreateTagsCommand, {
      Resources: [firstInterface],
      DryRun: true,
    });
  });

  it('rehearses the making of a group that is missing', async () => {
    const { aws, world, run } = scene([anInterface()], { groups: [] });
    aws.ec2.on(CreateTagsCommand).rejects(denied());
    const { detail } = await run(true);
    expect((detail as unknown as PlanDetail).calls).toMatchObject([
      { call: 'ec2:CreateTags', resource: firstInterface, permission: 'denied' },
      { call: 'ec2:CreateTags', resource: instanceId, permission: 'denied' },
      {
        call: 'ec2:CreateSecurityGroup',
        resource: vpcId,
        before: 'no group cordon-isolation-full',
        after: 'cordon-isolation-full',
        permission: 'allowed',
      },
    ]);
    expect(world.groups.named('cordon-isolation-full-2')).toBeUndefined();
  });
});

it('an instance without any interface that can be moved fails, and says so', async () => {
  const { run } = scene([anInterface({ requesterManaged: true })]);
  await expect(run()).rejects.toMatchObject({ name: 'IsolationGroupUnavailableError' });
});
