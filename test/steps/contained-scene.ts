import { DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import type { RouteTable, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { Before, Instance } from '../../src/case/before.ts';
import type { Control, ControlName } from '../../src/case/control.ts';
import type { VerifyDetail } from '../../src/case/details.ts';
import type { SecurityGroup } from '../../src/case/security-group.ts';
import { recall } from '../../src/record/trail/recall.ts';
import type { VerifyInput } from '../../src/steps/verify.ts';
import { verify } from '../../src/steps/verify.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import { FakeLoadBalancing } from './fake-load-balancing.ts';
import {
  aBefore,
  aCase,
  anInstance,
  anInterface,
  anIsolationGroup,
  aTransitionGroup,
  caseId,
  instanceId,
  isolationId,
  webGroup,
} from './sample-instance.ts';

interface Scene {
  readonly settings?: Parameters<typeof fakeAws>[0];
  readonly instance?: Partial<Instance>;
  readonly before?: Partial<Before>;
  readonly groups?: readonly SecurityGroup[];
  readonly defaultRoute?: string;
  readonly routeTables?: readonly RouteTable[];
  readonly endpoints?: readonly VpcEndpoint[];
  readonly balancing?: ConstructorParameters<typeof FakeLoadBalancing>[1];
  readonly snapshots?: 'none' | 'pending' | 'completed' | 'error';
}

/** A world in which every control holds; tests break one thing at a time. */
export const containedScene = (scene: Scene = {}) => {
  const aws = fakeAws(scene.settings);
  const found = anInstance({
    networkInterfaces: [anInterface({ groupIds: [isolationId] })],
    protection: { termination: true, stop: true, shutdownBehavior: 'stop' },
    volumes: [{ id: 'vol-1', device: '/dev/xvda', deleteOnTermination: false }],
    ...scene.instance,
  });
  const ofCase = { 'cordon:case': caseId };
  const instanceTags = {
    ...ofCase,
    'cordon:status': 'running',
    'cordon:trigger': 'guardduty Backdoor:EC2/C&CActivity.B 8 a0b1c2',
    'cordon:before:protect': 'term=0 stop=0 shutdown=terminate imds=enabled',
  };
  const instance: Instance = {
    ...found,
    tags: { ...found.tags, ...instanceTags },
    networkInterfaces: found.networkInterfaces.map((one) => ({
      ...one,
      cordonTags: { ...ofCase, 'cordon:original-groups': webGroup },
    })),
    volumes: found.volumes.map((one) => ({
      ...one,
      cordonTags: { ...ofCase, 'cordon:before:dot': `${one.device} delete=1` },
    })),
  };
  const groups = scene.groups ?? [anIsolationGroup(), aTransitionGroup()];
  const world = new FakeEc2(aws, {
    instance,
    groups,
    defaultRoute: scene.defaultRoute ?? 'igw-1',
    ...(scene.routeTables === undefined ? {} : { routeTables: scene.routeTables }),
    endpoints: scene.endpoints ?? [],
  });
  const balancing = new FakeLoadBalancing(aws, scene.balancing);
  aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
  const State = scene.snapshots ?? 'pending';
  for (const { id } of State === 'none' ? [] : instance.volumes) {
    const SnapshotId = `snap-of-${id}`;
    world.snapshots.push({ SnapshotId, VolumeId: id, State, StartTime: aws.clock.now() });
    world.tag(SnapshotId, { 'cordon:case': caseId, 'cordon:instance': instanceId });
  }
  for (const { id, cordonTags = {} } of [...instance.networkInterfaces, ...instance.volumes]) {
    world.tag(id, cordonTags);
  }
  const asFound = aBefore({ instance, groups, ...scene.before });
  const before = {
    ...asFound,
    recollection: recall(asFound, { caseId, standing: 'kept' }),
  };
  const run = async (more: Partial<VerifyInput> = {}) => {
    const { detail } = await verify(aws.deps, { case: aCase(), before, ...more });
    return detail as VerifyDetail;
  };
  return { aws, world, balancing, before, run };
};

/** `eni-groups true`, one line per control. */
export const holdsOf = ({ proof }: VerifyDetail): string[] =>
  proof.map(({ control, holds }) => `${control} ${holds}`);

export const controlIn = ({ proof }: VerifyDetail, name: ControlName): Partial<Control> =>
  proof.find(({ control }) => control === name) ?? {};
