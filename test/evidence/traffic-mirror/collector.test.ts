import type { TrafficMirrorSession } from '@aws-sdk/client-ec2';
import {
  CreateTrafficMirrorFilterCommand,
  CreateTrafficMirrorFilterRuleCommand,
  CreateTrafficMirrorSessionCommand,
  DescribeNetworkInterfacesCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { NetworkInterface } from '../../../src/case/before.ts';
import { trafficMirror } from '../../../src/evidence/traffic-mirror/collector.ts';
import { trafficMirrorKind } from '../../../src/evidence/traffic-mirror/kind.ts';
import { verifyMirror } from '../../../src/evidence/traffic-mirror/verify.ts';
import { fakeAws } from '../../steps/fake-aws.ts';
import {
  aBefore,
  aCase,
  anInstance,
  anInterface,
  anotherInterface,
  caseId,
  firstInterface,
  instanceId,
  secondInterface,
} from '../../steps/sample-instance.ts';
import { recordedStore } from '../recorded-store.ts';
import { fakeMirrors } from './fake-mirrors.ts';

const mirrorTargetId = 'tmt-0123456789abcdef0';
const tags = [
  { Key: 'cordon:case', Value: caseId },
  { Key: 'cordon:instance', Value: instanceId },
];

const scene = (networkInterfaces: readonly NetworkInterface[] = [anInterface()]) => {
  const aws = fakeAws({ mirrorTargetId });
  const world = fakeMirrors(aws);
  const recorded = recordedStore();
  const deps = { ...aws.deps, store: recorded.store };
  const instance = anInstance({ networkInterfaces, instanceType: 't3.micro' });
  const input = { case: aCase(), before: aBefore({ instance }) };
  const collect = () => trafficMirror.collect(deps, input);
  return { aws, ...world, deps, input, collect, ...recorded };
};

const refuse = (name: string) => Object.assign(new Error('refused'), { name });

describe('The traffic of a contained instance', () => {
  it('is mirrored, everything in both directions and families and queries to DNS, and on record', async () => {
    const { collect, filters, sessions, pieces } = scene([anInterface(), anotherInterface()]);
    expect(await collect()).toMatchObject({
      outcome: 'done',
      sentence: expect.stringContaining(`${firstInterface} is mirrored to ${mirrorTargetId}`),
    });
    const [filter] = filters;
    const ranges = (rules: readonly { SourceCidrBlock?: string | undefined }[] = []) =>
      rules.map(({ SourceCidrBlock }) => SourceCidrBlock);
    expect(ranges(filter?.IngressFilterRules)).toEqual(['0.0.0.0/0', '::/0']);
    expect(ranges(filter?.EgressFilterRules)).toEqual(['0.0.0.0/0', '::/0']);
    expect(filter).toMatchObject({ NetworkServices: ['amazon-dns'], Tags: tags });
    expect(sessions).toMatchObject([
      { NetworkInterfaceId: firstInterface, SessionNumber: 1, Tags: tags },
      { NetworkInterfaceId: secondInterface, SessionNumber: 1, Tags: tags },
    ]);
    expect(pieces.map(({ resource }) => resource)).toEqual(
      sessions.map(({ TrafficMirrorSessionId }) => TrafficMirrorSessionId),
    );
  });

  it('is mirrored once, however often the machine asks', async () => {
    const { collect, aws, filters, sessions } = scene();
    await collect();
    await collect();
    expect([filters.length, sessions.length]).toEqual([1, 1]);
    expect(aws.ec2.commandCalls(CreateTrafficMirrorFilterRuleCommand)).toHaveLength(4);
  });

  it('is mirrored whole after a call that died between the filter and its rules', async () => {
    const { collect, refusals, filters, sessions } = scene();
    refusals.rule = 'ServiceUnavailable';
    await expect(collect()).rejects.toThrow('refused');
    await collect();
    expect([filters.length, sessions.length]).toEqual([1, 1]);
    expect(filters[0]?.IngressFilterRules).toHaveLength(2);
  });

  it('asks with the same client tokens again, and never with one for two things', async () => {
    const tokensOf = async () => {
      const { collect, aws } = scene([anInterface(), anotherInterface()]);
      await collect();
      return [
        CreateTrafficMirrorFilterCommand,
        CreateTrafficMirrorFilterRuleCommand,
        CreateTrafficMirrorSessionCommand,
      ].flatMap((command) =>
        aws.ec2
          .commandCalls(command as typeof CreateTrafficMirrorFilterCommand)
          .map(({ args: [{ input }] }) => input.ClientToken ?? ''),
      );
    };
    const tokens = await tokensOf();
    expect(await tokensOf()).toEqual(tokens);
    expect(new Set(tokens).size).toBe(7);
    for (const token of tokens) expect(token).toMatch(/^[\w-]{1,64}$/);
  });

  it('goes behind a session of somebody else, which must not go blind, and that is told', async () => {
    const { collect, sessions } = scene();
    sessions.push({
      TrafficMirrorSessionId: 'tms-somebody',
      NetworkInterfaceId: firstInterface,
      TrafficMirrorTargetId: 'tmt-somebody',
      TrafficMirrorFilterId: 'tmf-somebody',
      SessionNumber: 9,
    });
    expect(await collect()).toMatchObject({
      outcome: 'done',
      sentence: expect.stringContaining('tms-somebody get first what their filters take'),
    });
    expect(sessions[1]?.SessionNumber).toBe(10);
  });

  it.each<[string, Partial<TrafficMirrorSession>]>([
    ['leads elsewhere', { TrafficMirrorTargetId: 'tmt-0000000000000beef' }],
    ['has a filter that takes nothing', { TrafficMirrorFilterId: 'tmf-0000000000000beef' }],
    ['bears another case', { Tags: [{ Key: 'cordon:case', Value: 'another' }] }],
  ])('is not thought to be mirrored by a planted session that %s', async (_, more) => {
    const { collect, sessions, filters } = scene();
    await collect();
    const [own] = sessions;
    sessions.splice(0, 1, { ...own, ...more, TrafficMirrorSessionId: 'tms-planted' });
    await collect();
    expect(sessions).toHaveLength(2);
    expect(sessions[1]).toMatchObject({ TrafficMirrorFilterId: filters[0]?.TrafficMirrorFilterId });
  });

  it('is not led through a planted filter that hides packets', async () => {
    const { collect, filters, sessions } = scene();
    filters.push({
      TrafficMirrorFilterId: 'tmf-planted',
      Description: `Cordon evidence, case ${caseId}`,
      Tags: tags,
      EgressFilterRules: [
        {
          TrafficDirection: 'egress',
          RuleNumber: 1,
          RuleAction: 'reject',
          SourceCidrBlock: '0.0.0.0/0',
          DestinationCidrBlock: '198.51.100.0/24',
        },
      ],
    });
    await collect();
    expect(sessions[0]?.TrafficMirrorFilterId).not.toBe('tmf-planted');
  });
});

describe('What AWS refuses', () => {
  it.each([
    ['NetworkInterfaceNotSupported', /instance type t3.micro .* use flow logs instead/],
    ['TrafficMirrorSessionsPerInterfaceLimitExceeded', /three traffic mirror sessions already/],
    ['TrafficMirrorSourcesPerTargetLimitExceeded', /takes no further source/],
    ['InvalidTrafficMirrorTargetId.NotFound', /correct MirrorTargetId/],
    ['UnauthorizedOperation', /UnauthorizedOperation/],
  ])('by %s is told in words, and the other interface is mirrored', async (name, words) => {
    const { collect, refusals, sessions } = scene([anInterface(), anotherInterface()]);
    refusals.session = name;
    expect(await collect()).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringMatching(words),
    });
    expect(sessions.map((one) => one.NetworkInterfaceId)).toEqual([secondInterface]);
  });

  it('because it is busy is asked again', async () => {
    const { collect, aws } = scene();
    aws.ec2.on(CreateTrafficMirrorSessionCommand).rejects(refuse('RequestLimitExceeded'));
    await expect(collect()).rejects.toThrow('refused');
  });

  it('of IPv6-only subnets is not even asked for', async () => {
    const only = anInterface({ privateAddresses: [], ipv6Addresses: ['2001:db8::1'] });
    const { collect, deps, input, filters } = scene([only]);
    expect(await collect()).toEqual({
      outcome: 'not-applicable',
      sentence: `AWS mirrors no traffic of IPv6-only subnets (${firstInterface}).`,
    });
    expect(filters).toEqual([]);
    expect(await trafficMirrorKind.foresee(deps, input)).toMatchObject({ can: false });
  });

  it('is foreseen as far as it can be without asking', async () => {
    const { deps, input } = scene();
    expect(await trafficMirrorKind.foresee(deps, input)).toEqual({
      can: true,
      sentence: `The traffic of ${firstInterface} is mirrored to ${mirrorTargetId} until the release, where AWS allows it for t3.micro.`,
    });
    const { isOptedInto } = trafficMirrorKind;
    expect([isOptedInto(deps.settings), isOptedInto(fakeAws().deps.settings)]).toEqual([
      true,
      false,
    ]);
  });
});

describe('A session that is on record', () => {
  const recorded = async () => {
    const built = scene();
    await built.collect();
    const [piece] = built.pieces;
    if (piece === undefined) throw new Error('nothing is on record');
    return { ...built, piece, verify: () => verifyMirror(built.deps, piece) };
  };

  it('holds while it leads to where it was made for', async () => {
    const { verify, sessions } = await recorded();
    expect(await verify()).toMatchObject({ holds: true });
    Object.assign(sessions[0] ?? {}, { TrafficMirrorTargetId: 'tmt-0000000000000beef' });
    expect(await verify()).toMatchObject({ holds: false });
  });

  it.each([
    ['cordon-isolation-full', false],
    ['web', true],
  ])('that is gone while the interface is in %s holds: %s', async (GroupName, holds) => {
    const { verify, sessions, aws } = await recorded();
    sessions.length = 0;
    const NetworkInterfaces = [{ NetworkInterfaceId: firstInterface, Groups: [{ GroupName }] }];
    aws.ec2.on(DescribeNetworkInterfacesCommand).resolves({ NetworkInterfaces });
    expect(await verify()).toMatchObject({ holds });
  });
});
