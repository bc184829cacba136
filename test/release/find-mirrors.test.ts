import type { TrafficMirrorSession } from '@aws-sdk/client-ec2';
import { DescribeTrafficMirrorSessionsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { mirrorDescription } from '../../src/case/traffic-mirror.ts';
import { inversesOf } from '../../src/case/undo/inverses.ts';
import { findMirrors } from '../../src/release/find-mirrors.ts';
import { fakeMirrors } from '../evidence/traffic-mirror/fake-mirrors.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import {
  anInstance,
  caseId,
  firstInterface,
  instanceId,
  region,
  secondInterface,
} from '../steps/sample-instance.ts';

const mirrorTargetId = 'tmt-0123456789abcdef0';
const tags = [
  { Key: 'cordon:case', Value: caseId },
  { Key: 'cordon:instance', Value: instanceId },
];

const own: TrafficMirrorSession = {
  TrafficMirrorSessionId: 'tms-00000000000000001',
  NetworkInterfaceId: firstInterface,
  TrafficMirrorTargetId: mirrorTargetId,
  TrafficMirrorFilterId: 'tmf-00000000000000001',
  SessionNumber: 1,
  Description: mirrorDescription(caseId),
  Tags: tags,
};

const scene = (settings: { mirrorTargetId: string } = { mirrorTargetId }) => {
  const aws = fakeAws(settings);
  const { sessions, filters } = fakeMirrors(aws);
  sessions.push(own);
  filters.push({
    TrafficMirrorFilterId: 'tmf-00000000000000001',
    Description: `Cordon evidence, case ${caseId}`,
    Tags: tags,
  });
  const deps = { ...aws.deps, readHistory: async () => undefined };
  const find = () => findMirrors(deps, caseId, anInstance());
  return { aws, sessions, filters, find };
};

const former = {
  suspendedProcesses: [],
  targets: [],
  loadBalancers: [],
  interfaces: {},
  volumes: [],
};
const world = { protection: {}, interfaces: {}, volumes: {} };

describe('What a release ends of traffic mirroring', () => {
  it('are the sessions of the case, then their filter', async () => {
    const { left, ...mirrors } = await scene().find();
    expect(left).toEqual([]);
    const inverses = inversesOf({ instanceId, region, former, now: { ...world, ...mirrors } });
    expect(inverses.map(({ command }) => command)).toEqual([
      `aws ec2 delete-traffic-mirror-session --region ${region} --traffic-mirror-session-id tms-00000000000000001`,
      `aws ec2 delete-traffic-mirror-filter --region ${region} --traffic-mirror-filter-id tmf-00000000000000001`,
    ]);
  });

  it.each<[string, Partial<TrafficMirrorSession>]>([
    ['leads to the stack’s target for another reason', { Description: 'network detection' }],
    ['leads to the target of a security team', { TrafficMirrorTargetId: 'tmt-0000000000000beef' }],
    [
      'bears another case',
      {
        Tags: [
          { Key: 'cordon:instance', Value: instanceId },
          { Key: 'cordon:case', Value: 'x' },
        ],
      },
    ],
  ])('is never a session that somebody has tagged and that %s: it is named', async (_, more) => {
    const { find, sessions } = scene();
    const TrafficMirrorSessionId = 'tms-somebody';
    sessions.push({
      ...own,
      TrafficMirrorFilterId: 'tmf-somebody',
      ...more,
      TrafficMirrorSessionId,
    });
    const found = await find();
    expect(found.mirrorSessions).toEqual([
      { id: 'tms-00000000000000001', interfaceId: firstInterface },
    ]);
    expect(found.left).toEqual([expect.stringContaining('tms-somebody stays: it ')]);
  });

  it('is never a session of another instance’s interface, whatever its tags say', async () => {
    const { find, sessions } = scene();
    const TrafficMirrorSessionId = 'tms-somebody';
    sessions.push({ ...own, TrafficMirrorSessionId, NetworkInterfaceId: secondInterface });
    const found = await find();
    expect(found.mirrorSessions?.map(({ id }) => id)).toEqual(['tms-00000000000000001']);
  });

  it('is never a filter that a session of somebody else uses, and that blocks no release', async () => {
    const { find, sessions } = scene();
    sessions.push({ ...own, TrafficMirrorSessionId: 'tms-somebody', Tags: [] });
    const found = await find();
    expect(found.mirrorFilterIds).toEqual([]);
    expect(found.left).toEqual([expect.stringContaining('sessions of somebody else use it')]);
  });

  it('is nothing, and nothing is asked, where the stack mirrors nowhere', async () => {
    const { find, aws } = scene({ mirrorTargetId: '' });
    expect(await find()).toEqual({ mirrorSessions: [], mirrorFilterIds: [], left: [] });
    expect(aws.ec2.commandCalls(DescribeTrafficMirrorSessionsCommand)).toEqual([]);
  });
});
