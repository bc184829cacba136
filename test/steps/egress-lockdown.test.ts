import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import 'aws-sdk-client-mock-vitest/extend';
import { parseEgressAllowance } from '../../src/case/egress-allow-list.ts';
import type { Rule, SecurityGroup } from '../../src/case/security-group.ts';
import { awsError, denied } from './aws-error.ts';
import { containedScene, controlIn } from './contained-scene.ts';
import type { FakeAws } from './fake-aws.ts';
import type { Neighbour } from './fake-ec2.ts';
import { namesOf, profileScene, rulesIn } from './profile-scene.ts';
import {
  aCase,
  accountId,
  adminGroup,
  anInterface,
  anIsolationGroup,
  anotherInterface,
  aTransitionGroup,
  caseId,
  everything,
  firstInterface,
  instanceId,
  isolationId,
  otherVpcId,
  secondInterface,
  transitionId,
  vpcId,
  webGroup,
} from './sample-instance.ts';

const lockdown = { isolationProfile: 'egress-lockdown' } as const;
/** A request by the command, and the same as an event that anybody with PutEvents can send. */
const person = { source: 'manual', id: 'by-hand', type: 'manual', severity: null, at: '' } as const;
const anEvent = { ...person, id: 'cordon.manual' } as const;
const cloneOfWeb = `cordon-isolation-egress-lockdown-${webGroup}`;
const cloneOfAdmin = `cordon-isolation-egress-lockdown-${adminGroup}`;
const cloneId = 'sg-00000000000000c05';

const ingress = (port: number, cidr = '0.0.0.0/0'): Rule => ({
  direction: 'ingress',
  protocol: 'tcp',
  fromPort: port,
  toPort: port,
  peer: { kind: cidr.includes(':') ? 'ipv6' : 'ipv4', cidr },
});

const balancer = 'sg-00000000000000ba1';
const fromBalancer: Rule = { ...ingress(8080), peer: { kind: 'group', id: balancer } };

const group = (id: string, name: string, rules: readonly Rule[]): SecurityGroup => ({
  id,
  name,
  vpcId,
  ownerId: accountId,
  rules,
});

/** The group of the public web server, as most are: in what it serves, out to everywhere. */
const web = group(webGroup, 'web', [
  ingress(80),
  ingress(443),
  ingress(443, '::/0'),
  fromBalancer,
  everything('egress', '0.0.0.0/0'),
  everything('egress', '::/0'),
]);
const webIn = [
  'ingress tcp 443 443 0.0.0.0/0',
  'ingress tcp 443 443 ::/0',
  'ingress tcp 80 80 0.0.0.0/0',
  `ingress tcp 8080 8080 ${balancer}`,
];
const admin = group(adminGroup, 'admin', [ingress(22, '10.0.0.0/8'), everything('egress', '::/0')]);

const aClone = (rules: readonly Rule[], name = cloneOfWeb): SecurityGroup => ({
  ...group(cloneId, name, rules),
  role: 'isolation',
});
const waysIn = web.rules.filter(({ direction }) => direction === 'ingress');

const allowed = (...texts: string[]): Rule[] =>
  texts.map((text) => parseEgressAllowance(text) ?? expect.fail());

const sceneWith = (scene: Parameters<typeof profileScene>[0] = {}) =>
  profileScene({
    groups: [web, admin],
    ipv6Vpcs: [vpcId],
    ...scene,
    settings: { ...lockdown, ...scene.settings },
  });

const risksOf = ({ risks }: { risks: readonly { risk: string }[] }) =>
  risks.map(({ risk }) => risk);

describe('a server that must go on serving', () => {
  it('is let in to as before, and out to nowhere, IPv4 or IPv6', async () => {
    const { world, isolate } = sceneWith();
    const { outcome, detail } = await isolate();
    expect(outcome).toBe('done');
    expect(namesOf(world)).toEqual([cloneOfWeb]);
    expect(rulesIn(world, cloneOfWeb)).toEqual(webIn);
    expect(detail).toMatchObject({
      profile: 'egress-lockdown',
      interfaces: [{ from: [webGroup], to: [world.groups.named(cloneOfWeb)], outcome: 'isolated' }],
    });
  });

  it('keeps the ways out that are on the allow list, and no other', async () => {
    const egressAllowList = allowed('tcp/5432:sg-00000000000000db1', 'tcp/443:pl-6da54004');
    const { world, isolate } = sceneWith({ settings: { egressAllowList } });
    await isolate();
    expect(rulesIn(world, cloneOfWeb)).toEqual([
      'egress tcp 443 443 pl-6da54004',
      'egress tcp 5432 5432 sg-00000000000000db1',
      ...webIn,
    ]);
  });

  it('has one clone for each of its groups', async () => {
    const { world, isolate } = sceneWith({
      interfaces: [anInterface({ groupIds: [webGroup, adminGroup] })],
    });
    await isolate();
    expect(namesOf(world)).toEqual([cloneOfWeb, cloneOfAdmin]);
    expect(rulesIn(world, cloneOfWeb)).toEqual(webIn);
    expect(rulesIn(world, cloneOfAdmin)).toEqual(['ingress tcp 22 22 10.0.0.0/8']);
  });

  it('has each interface in the clones of its own groups, which are made once', async () => {
    const { aws, world, isolate } = sceneWith({
      interfaces: [anInterface(), anotherInterface({ groupIds: [adminGroup, webGroup] })],
    });
    await isolate();
    expect(namesOf(world, firstInterface)).toEqual([cloneOfWeb]);
    expect(namesOf(world, secondInterface)).toEqual([cloneOfAdmin, cloneOfWeb]);
    expect(aws.ec2).toHaveReceivedCommandTimes(CreateSecurityGroupCommand, 2);
  });

  it('never goes through the transition group, which would let everything out for a moment', async () => {
    const { world, isolate } = sceneWith({ groups: [web, aTransitionGroup()] });
    const { prepared } = await isolate();
    expect(world.moves).toEqual([`${firstInterface} ${world.groups.named(cloneOfWeb)}`]);
    expect(prepared.groups[firstInterface]).toEqual({
      isolation: [world.groups.named(cloneOfWeb)],
    });
  });

  it('keeps the connections that were open, and the report says so', async () => {
    const { detail } = await sceneWith().isolate();
    expect(detail.cut).toBe('new-flows-only');
    const risk = detail.risks.find((one) => one.risk === 'established-connections');
    expect(risk?.explanation).toContain('egress-lockdown keeps the server serving');
    expect(detail.openMilliseconds).toBe(0);
  });

  it('can be given its groups back: the originals are in the tags', async () => {
    const { world, isolate } = sceneWith({
      interfaces: [anInterface({ groupIds: [webGroup, adminGroup] })],
    });
    const { prepared } = await isolate();
    expect(world.tagsOf(firstInterface)).toMatchObject({
      'cordon:case': caseId,
      'cordon:original-groups': `${webGroup} ${adminGroup}`,
    });
    expect(prepared.originals).toEqual({ [firstInterface]: [webGroup, adminGroup] });
  });

  it('has its clone marked as an isolation group, which the policy of the functions asks for', async () => {
    const { world, isolate } = sceneWith();
    await isolate();
    expect(world.tagsOf(world.groups.named(cloneOfWeb) ?? '')['cordon:role']).toBe('isolation');
  });

  it('has all its many ways in cloned, in few calls: AWS takes five of them a second', async () => {
    const many = Array.from({ length: 60 }, (_, index) => ingress(1_000 + index, '10.0.0.0/8'));
    const { aws, world, isolate } = sceneWith({ groups: [group(webGroup, 'web', many)] });
    await isolate();
    expect(rulesIn(world, cloneOfWeb)).toHaveLength(60);
    expect(aws.ec2).toHaveReceivedCommandTimes(AuthorizeSecurityGroupIngressCommand, 1);
  });

  it('has them cloned one by one where one of them is there already', async () => {
    const many = Array.from({ length: 8 }, (_, index) => ingress(1_000 + index, '10.0.0.0/8'));
    const { aws, world, isolate } = sceneWith({ groups: [group(webGroup, 'web', many)] });
    // Another case is making the same clone, and is first by a moment.
    aws.ec2.on(CreateSecurityGroupCommand).callsFake(async () => {
      world.groups.add(aClone(many.slice(0, 3)));
      throw awsError('InvalidGroup.Duplicate');
    });
    await isolate();
    expect(world.groupsOf(firstInterface)).toEqual([cloneId]);
    expect(rulesIn(world, cloneOfWeb)).toHaveLength(8);
  });

  it('is left in the clones of its own VPC, where it stands in two', async () => {
    const other = { ...admin, vpcId: otherVpcId };
    const { world, isolate } = sceneWith({
      groups: [web, other],
      interfaces: [anInterface(), anotherInterface({ vpcId: otherVpcId })],
    });
    await isolate();
    expect(world.groupsOf(firstInterface)).toEqual([world.groups.named(cloneOfWeb, vpcId)]);
    expect(world.groupsOf(secondInterface)).toEqual([world.groups.named(cloneOfAdmin, otherVpcId)]);
  });
});

describe('a clone from an earlier case', () => {
  const otherInstance = 'i-00000000000000099';
  const neighbour = (tags: Record<string, string>): Neighbour => ({
    ...anInterface({ id: 'eni-00000000000000099', groupIds: [cloneId] }),
    instanceId: otherInstance,
    tags,
  });
  const contained = neighbour({ 'cordon:case': `20260201T0000Z-${otherInstance}` });

  it('is used as it is while it is like the original', async () => {
    const { aws, world, isolate } = sceneWith({ groups: [web, aClone(waysIn)] });
    await isolate();
    expect(world.groupsOf(firstInterface)).toEqual([cloneId]);
    expect(aws.ec2).not.toHaveReceivedCommand(CreateSecurityGroupCommand);
    expect(aws.ec2).not.toHaveReceivedCommand(AuthorizeSecurityGroupIngressCommand);
  });

  it('is brought into line where it has fallen behind the original', async () => {
    const old = [ingress(80), ingress(8443)];
    const { world, isolate } = sceneWith({ groups: [web, aClone(old)], neighbours: [contained] });
    await isolate();
    expect(world.groupsOf(firstInterface)).toEqual([cloneId]);
    expect(rulesIn(world, cloneOfWeb)).toEqual(webIn);
  });

  it('is closed again where somebody has given it a way out', async () => {
    const opened = aClone([...waysIn, everything('egress', '0.0.0.0/0')]);
    const { world, isolate } = sceneWith({ groups: [web, opened], neighbours: [contained] });
    await isolate();
    expect(world.groupsOf(firstInterface)).toEqual([cloneId]);
    expect(rulesIn(world, cloneOfWeb)).toEqual(webIn);
  });

  it('is passed over where somebody else is behind it, who keeps the way out', async () => {
    const opened = aClone([...waysIn, everything('egress', '0.0.0.0/0')]);
    const serving = neighbour({ Name: 'shop' });
    const { world, isolate } = sceneWith({ groups: [web, opened], neighbours: [serving] });
    await isolate();
    expect(namesOf(world)).toEqual([`${cloneOfWeb}-2`]);
    expect(rulesIn(world, `${cloneOfWeb}-2`)).toEqual(webIn);
    expect(rulesIn(world, cloneOfWeb)).toContain('egress -1 - - 0.0.0.0/0');
  });

  it('is never cloned itself: the next finding comes to the same clone', async () => {
    const { aws, world, isolate } = sceneWith();
    await isolate();
    const { outcome, prepared } = await isolate();
    expect(outcome).toBe('already');
    expect(namesOf(world)).toEqual([cloneOfWeb]);
    expect(prepared.originals).toEqual({ [firstInterface]: [webGroup] });
    expect(world.moves).toHaveLength(1);
    expect(aws.ec2).toHaveReceivedCommandTimes(CreateSecurityGroupCommand, 1);
  });

  it('is the same clone in whatever order AWS lists the groups', async () => {
    const { world, isolate } = sceneWith({
      interfaces: [anInterface({ groupIds: [webGroup, adminGroup] })],
    });
    await isolate();
    world.place(firstInterface, world.groupsOf(firstInterface).toReversed());
    expect((await isolate()).outcome).toBe('already');
    expect(world.moves).toHaveLength(1);
  });

  it('is recognized as containing, so that the before-state is not written again', async () => {
    const { world, isolate, describe: describeNow } = sceneWith();
    await isolate();
    expect((await describeNow()).before.repeat).toBe(true);
    world.place(firstInterface, [webGroup, ...world.groupsOf(firstInterface)]);
    expect((await describeNow()).before.repeat).toBe(false);
  });
});

describe('a quota of the account', () => {
  const code = (error: unknown) => (error instanceof Error ? error.name : 'none');

  const tooManyRules = 'RulesPerSecurityGroupLimitExceeded';

  it.each([
    [
      'of groups',
      ({ ec2 }: FakeAws, error: Error) => ec2.on(CreateSecurityGroupCommand).rejects(error),
      'SecurityGroupLimitExceeded',
    ],
    [
      'of rules, by the ways in,',
      ({ ec2 }: FakeAws, error: Error) =>
        ec2.on(AuthorizeSecurityGroupIngressCommand).rejects(error),
      tooManyRules,
    ],
    [
      'of rules, by the allow list,',
      ({ ec2 }: FakeAws, error: Error) =>
        ec2.on(AuthorizeSecurityGroupEgressCommand).rejects(error),
      tooManyRules,
    ],
  ])('%s stops the case before anything is moved', async (_what, refuse, refusal) => {
    const { aws, world, isolate } = sceneWith({
      settings: { egressAllowList: allowed('tcp/443:10.0.0.0/16') },
      interfaces: [anInterface(), anotherInterface({ groupIds: [adminGroup] })],
    });
    refuse(aws, awsError(refusal));
    const error = await isolate().catch((reason: unknown) => reason);
    expect(code(error)).toBe('IsolationQuotaError');
    expect(String(error)).toContain(refusal);
    expect(String(error)).toMatch(
      /raise the quota, or contain the instance under the profile full/,
    );
    expect(world.moves).toEqual([]);
  });

  it('stops it too where only one of two groups has no clone', async () => {
    const { aws, world, isolate } = sceneWith({
      interfaces: [anInterface({ groupIds: [webGroup, adminGroup] })],
    });
    aws.ec2
      .on(CreateSecurityGroupCommand, { GroupName: cloneOfAdmin })
      .rejects(awsError('SecurityGroupLimitExceeded'));
    await expect(isolate()).rejects.toMatchObject({ name: 'IsolationQuotaError' });
    await expect(isolate()).rejects.toThrow(adminGroup);
    expect(world.moves).toEqual([]);
  });

  it('stops it too where the other VPC would have had room', async () => {
    const { aws, world, isolate } = sceneWith({
      groups: [web, { ...admin, vpcId: otherVpcId }],
      interfaces: [anInterface(), anotherInterface({ vpcId: otherVpcId })],
    });
    aws.ec2
      .on(CreateSecurityGroupCommand, { VpcId: otherVpcId })
      .rejects(awsError('SecurityGroupLimitExceeded'));
    await expect(isolate()).rejects.toMatchObject({ name: 'IsolationQuotaError' });
    expect(world.moves).toEqual([]);
  });

  it('is not blamed for a denial', async () => {
    const { aws, isolate } = sceneWith();
    aws.ec2.on(CreateSecurityGroupCommand).rejects(denied());
    await expect(isolate()).rejects.toMatchObject({ name: 'AwsDeniedError' });
  });
});

describe('an original that cannot be cloned', () => {
  it('stops the case, and the words say what to do, when its rules cannot be read', async () => {
    const { world, isolate } = sceneWith({ groups: [] });
    const running = isolate();
    await expect(running).rejects.toMatchObject({ name: 'IsolationGroupUnavailableError' });
    await expect(running).rejects.toThrow(/under the profile full/);
    expect(world.moves).toEqual([]);
  });

  it('is none where one of its rules names a group that is gone: the clone does without', async () => {
    // A rule to a group of a peered VPC stays when that group is deleted.
    const stale: Rule = { ...ingress(9090), peer: { kind: 'group', id: 'sg-00000000000000fff' } };
    const rules = [...web.rules, stale];
    const { aws, world, isolate } = sceneWith({ groups: [group(webGroup, 'web', rules)] });
    aws.ec2.on(AuthorizeSecurityGroupIngressCommand).callsFake(async (input) => {
      const [GroupId, permissions] = [world.groups.named(cloneOfWeb), input.IpPermissions ?? []];
      if (JSON.stringify(permissions).includes('fff')) throw awsError('InvalidGroup.NotFound');
      return world.groups.allow({ GroupId, IpPermissions: permissions }, 'ingress');
    });
    await isolate();
    expect(namesOf(world)).toEqual([cloneOfWeb]);
    expect(rulesIn(world, cloneOfWeb)).toEqual(webIn);
  });

  it('does not trouble an instance that is in the clone already', async () => {
    // Nobody else used the original, so somebody has cleaned it up since.
    const { world, isolate } = sceneWith({
      groups: [aClone(waysIn)],
      interfaces: [anInterface({ groupIds: [cloneId] })],
    });
    expect((await isolate()).outcome).toBe('already');
    expect(world.groupsOf(firstInterface)).toEqual([cloneId]);
  });
});

describe('rules of other groups that name an original', () => {
  const database = group('sg-00000000000000db1', 'db', [
    { ...ingress(5432), peer: { kind: 'group', id: webGroup } },
  ]);
  const proxy = group('sg-00000000000000ba2', 'proxy', [
    { ...ingress(80), direction: 'egress', peer: { kind: 'group', id: webGroup } },
  ]);

  it('are told: they do not match the clone', async () => {
    const { prepare } = sceneWith({ groups: [web, admin, database, proxy] });
    const { risks } = (await prepare()).detail;
    expect(risks.map(({ risk }) => risk)).toEqual(['group-references-lost']);
    expect(risks[0]?.explanation).toContain(`${database.id} (db)`);
    expect(risks[0]?.explanation).toContain(`${proxy.id} (proxy)`);
  });

  it('are not told of groups that name others, nor of the clones of Cordon', async () => {
    const other = group('sg-00000000000000db2', 'cache', [
      { ...ingress(6379), peer: { kind: 'group', id: adminGroup } },
    ]);
    const clone = aClone([{ ...ingress(80), peer: { kind: 'group', id: webGroup } }], cloneOfAdmin);
    const { prepare } = sceneWith({ groups: [web, admin, other, clone] });
    expect(risksOf((await prepare()).detail)).toEqual([]);
  });

  it('do not cost the cut when they cannot be looked for', async () => {
    const { aws, world, isolate } = sceneWith();
    for (const Name of ['ip-permission.group-id', 'egress.ip-permission.group-id']) {
      aws.ec2
        .on(DescribeSecurityGroupsCommand, { Filters: [{ Name, Values: [webGroup] }] })
        .rejects(denied());
    }
    await isolate();
    expect(namesOf(world)).toEqual([cloneOfWeb]);
  });
});

describe('an interface that Cordon has touched before', () => {
  it('is left as it is where it is cut off: a second finding gives it nothing back', async () => {
    const { world, isolate } = sceneWith({
      groups: [web, anIsolationGroup()],
      interfaces: [anInterface({ groupIds: [isolationId] })],
    });
    const { outcome } = await isolate();
    expect(outcome).toBe('already');
    expect(world.moves).toEqual([]);
    expect(world.groupsOf(firstInterface)).toEqual([isolationId]);
  });

  it('is cut off where it was left open in transition: nobody knows its groups', async () => {
    const { world, isolate } = sceneWith({
      groups: [web, aTransitionGroup()],
      interfaces: [anInterface({ groupIds: [transitionId] })],
    });
    await isolate();
    expect(namesOf(world)).toEqual(['cordon-isolation-full']);
    expect(rulesIn(world, 'cordon-isolation-full')).toEqual([]);
    expect(world.moves).toHaveLength(1);
  });

  it('is cut off from its open connections too, when the case is taken further to full', async () => {
    const { world, isolate } = sceneWith({ groups: [web, aTransitionGroup(), anIsolationGroup()] });
    await isolate();
    const cloned = world.groups.named(cloneOfWeb);
    const { outcome, detail, prepared } = await isolate({ isolationProfile: 'full' });
    expect(world.moves).toEqual([
      `${firstInterface} ${cloned}`,
      `${firstInterface} ${transitionId}`,
      `${firstInterface} ${isolationId}`,
    ]);
    expect(outcome).toBe('done');
    expect(detail).toMatchObject({ profile: 'full', cut: 'complete' });
    // What the undo needs is what the interface had before the clone.
    expect(prepared.originals).toEqual({ [firstInterface]: [webGroup] });
    expect(world.tagsOf(firstInterface)['cordon:original-groups']).toBe(webGroup);
  });
});

describe('the profile of one case', () => {
  it('is the one that was asked for, whatever the setting', async () => {
    const { world, isolate } = sceneWith();
    const { detail } = await isolate({ isolationProfile: 'full' });
    expect(namesOf(world)).toEqual(['cordon-isolation-full']);
    expect(detail.profile).toBe('full');
    const other = profileScene({ groups: [web] });
    const asked = { isolationProfile: 'egress-lockdown', trigger: person } as const;
    expect((await other.isolate(asked)).detail.profile).toBe('egress-lockdown');
    expect(namesOf(other.world)).toEqual([cloneOfWeb]);
  });

  // fault A6
  it('is never looser than the setting because an event says so', async () => {
    const { world, isolate, describe: describeNow } = profileScene({ groups: [web] });
    const asked = { isolationProfile: 'egress-lockdown', trigger: anEvent } as const;
    const { case: theCase, risks = [] } = await describeNow(asked);
    expect(theCase.isolationProfile).toBe('full');
    expect(risks.map(({ risk }) => risk)).toEqual(['stricter-profile-kept']);
    await isolate(asked);
    expect(namesOf(world)).toEqual(['cordon-isolation-full']);
  });

  // fault A6
  it('does not loosen what is isolated because an event or a second finding says so; a person may', async () => {
    const isolated = () =>
      profileScene({
        settings: lockdown,
        groups: [web, anIsolationGroup()],
        interfaces: [anInterface({ groupIds: [isolationId] })],
      });
    for (const trigger of [anEvent, aCase().trigger]) {
      const { world, isolate } = isolated();
      const { detail } = await isolate({ isolationProfile: 'forensic', trigger });
      expect(detail.profile).toBe('full');
      expect(namesOf(world)).toEqual(['cordon-isolation-full']);
    }
    const { world, isolate } = isolated();
    await isolate({ isolationProfile: 'forensic', trigger: person });
    expect(namesOf(world)).toEqual(['cordon-isolation-forensic']);
  });

  // fault A1
  it('is recorded as that of the groups in use, not as the milder one that was asked for', async () => {
    const { isolate } = profileScene({
      groups: [web, anIsolationGroup()],
      interfaces: [anInterface({ groupIds: [isolationId] })],
    });
    const { detail } = await isolate({ isolationProfile: 'egress-lockdown', trigger: person });
    expect(detail.profile).toBe('full');
  });

  it('is handed on by describe, and absent where nobody asked for one', async () => {
    const { describe: describeNow } = sceneWith();
    const asked = await describeNow({ isolationProfile: 'forensic' });
    expect(asked.case.isolationProfile).toBe('forensic');
    expect((await describeNow()).case).not.toHaveProperty('isolationProfile');
  });

  it('lets responders in whom the setting names, when it is forensic', async () => {
    const { world, isolate } = sceneWith({ settings: { forensicCidrs: ['198.51.100.0/24'] } });
    await isolate({ isolationProfile: 'forensic' });
    expect(namesOf(world)).toEqual(['cordon-isolation-forensic']);
    expect(rulesIn(world, 'cordon-isolation-forensic')).toContain(
      'ingress tcp 22 22 198.51.100.0/24',
    );
  });
});

describe('a rehearsal', () => {
  it('makes no clone and moves nothing', async () => {
    const { aws, world, rehearse } = sceneWith();
    expect((await rehearse()).calls.every(({ permission }) => permission === 'allowed')).toBe(true);
    expect(world.groups.named(cloneOfWeb)).toBeUndefined();
    expect(world.moves).toEqual([]);
    expect(aws.ec2).not.toHaveReceivedCommand(AuthorizeSecurityGroupIngressCommand);
  });
});

describe('a serving instance, read back', () => {
  const inClone = (
    rules: readonly Rule[],
    settings: Parameters<typeof profileScene>[0] & object = {},
    original: SecurityGroup = web,
  ) =>
    containedScene({
      settings: { ...lockdown, ...settings.settings },
      instance: { networkInterfaces: [anInterface({ groupIds: [cloneId] })] },
      groups: [original, aClone(rules)],
    });

  it('is proven in its clone, and the proof says who reaches it', async () => {
    const detail = await inClone(waysIn).run();
    expect(controlIn(detail, 'eni-groups').holds).toBe(true);
    const rules = controlIn(detail, 'group-rules');
    expect(rules.holds).toBe(true);
    expect(rules.observed).toContain('from 0.0.0.0/0');
    expect(rules.observed).toMatch(/out: nothing$/);
  });

  // fault A1
  it('is not proven in the clone of a group that it never had, as anybody can make one', async () => {
    const unknown = 'sg-0123456789abcdef0';
    const name = `cordon-isolation-egress-lockdown-${unknown}`;
    for (const others of [[], [group(unknown, 'made-up', waysIn)]]) {
      const { run } = containedScene({
        settings: lockdown,
        instance: { networkInterfaces: [anInterface({ groupIds: [cloneId] })] },
        groups: [web, ...others, { ...aClone([everything('ingress', '0.0.0.0/0')]), name }],
      });
      const detail = await run();
      expect(controlIn(detail, 'eni-groups').holds).toBe(false);
      expect(controlIn(detail, 'group-rules').holds).toBe(false);
    }
  });

  it('is proven with the ways out of the allow list', async () => {
    const egressAllowList = allowed('tcp/443:10.0.0.0/16');
    const scene = inClone([...waysIn, ...egressAllowList], { settings: { egressAllowList } });
    const rules = controlIn(await scene.run(), 'group-rules');
    expect(rules.holds).toBe(true);
    expect(rules.observed).toContain('out: tcp 443 to 10.0.0.0/16');
  });

  it.each([
    ['out to everybody', everything('egress', '0.0.0.0/0')],
    ['out over IPv6', everything('egress', '::/0')],
    ['out to one group', { ...fromBalancer, direction: 'egress' as const }],
    ['in that the original does not have', ingress(22)],
  ])('is not proven once the clone has a way %s', async (_what, rule) => {
    const detail = await inClone([...waysIn, rule]).run();
    expect(controlIn(detail, 'eni-groups').holds).toBe(true);
    const rules = controlIn(detail, 'group-rules');
    expect(rules.holds).toBe(false);
    expect(rules.observed).toContain(`${cloneId} allows`);
  });

  it('is proven where the clone lets in less than the original, which is no hole', async () => {
    expect(controlIn(await inClone(waysIn.slice(1)).run(), 'group-rules').holds).toBe(true);
  });

  it('is not proven beside the group that it had', async () => {
    const { world, run } = inClone(waysIn);
    world.place(firstInterface, [cloneId, webGroup]);
    const detail = await run();
    expect(controlIn(detail, 'eni-groups').holds).toBe(false);
    expect(controlIn(detail, 'eni-groups').observed).toContain(`${webGroup} (web)`);
  });

  it('is not isolated for a case under the profile full', async () => {
    const { run } = containedScene({
      instance: { networkInterfaces: [anInterface({ groupIds: [cloneId] })] },
      groups: [web, aClone(waysIn)],
    });
    const detail = await run();
    expect(controlIn(detail, 'eni-groups')).toMatchObject({
      holds: false,
      observed: `${firstInterface} in ${cloneId} (${cloneOfWeb})`,
    });
    expect(controlIn(detail, 'group-rules').holds).toBe(false);
  });

  it('is isolated all the same where it is cut off altogether', async () => {
    const detail = await containedScene({ settings: lockdown }).run();
    expect(controlIn(detail, 'eni-groups').holds).toBe(true);
    expect(controlIn(detail, 'group-rules').holds).toBe(true);
  });

  it('keeps its place in group and load balancer on purpose: told, not required', async () => {
    const balancing = { groups: [{ name: 'web', targets: [{ id: instanceId, port: 80 }] }] };
    const { proof } = await containedScene({ settings: lockdown, balancing }).run();
    const required = (name: string) => proof.find(({ control }) => control === name)?.required;
    expect([required('asg-membership'), required('targets')]).toEqual([false, false]);
    expect([required('eni-groups'), required('group-rules')]).toEqual([true, true]);
    const full = await containedScene({ balancing }).run();
    expect(controlIn(full, 'targets')).toMatchObject({ holds: false, required: true });
  });

  it('is measured by each original that there is, where another has been deleted since', async () => {
    const { run } = containedScene({
      settings: lockdown,
      instance: {
        networkInterfaces: [anInterface({ groupIds: [cloneId, 'sg-00000000000000c06'] })],
      },
      groups: [
        web,
        aClone([...waysIn, ingress(22)]),
        { ...aClone([], cloneOfAdmin), id: 'sg-00000000000000c06' },
      ],
    });
    expect(controlIn(await run(), 'group-rules').holds).toBe(false);
  });
});
