import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import type { RouteTable, VpcEndpoint } from '@aws-sdk/client-ec2';
import type { NetworkInterface } from '../../src/case/before.ts';
import type { Case } from '../../src/case/case.ts';
import type { IsolationDetail, PlanDetail, PrepareDetail } from '../../src/case/details.ts';
import type { SecurityGroup } from '../../src/case/security-group.ts';
import { describe as describeStep } from '../../src/steps/describe.ts';
import { isolateNetwork } from '../../src/steps/isolate-network.ts';
import { prepareIsolation } from '../../src/steps/prepare-isolation.ts';
import { fakeAws } from './fake-aws.ts';
import type { Neighbour } from './fake-ec2.ts';
import { FakeEc2 } from './fake-ec2.ts';
import {
  aCase,
  anInstance,
  anInterface,
  firstInterface,
  instanceId,
  region,
} from './sample-instance.ts';

interface Scene {
  readonly settings?: Parameters<typeof fakeAws>[0];
  readonly interfaces?: readonly NetworkInterface[];
  readonly groups?: readonly SecurityGroup[];
  readonly ipv6Vpcs?: readonly string[];
  readonly routeTables?: readonly RouteTable[];
  readonly endpoints?: readonly VpcEndpoint[];
  readonly neighbours?: readonly Neighbour[];
}

/** The way of the network from the before-state to the cut, under whatever profile. */
export const profileScene = (scene: Scene = {}) => {
  const aws = fakeAws(scene.settings);
  const world = new FakeEc2(aws, {
    ...scene,
    instance: anInstance({ networkInterfaces: scene.interfaces ?? [anInterface()] }),
  });
  aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
  aws.autoScaling.on(DescribeAutoScalingGroupsCommand).resolves({ AutoScalingGroups: [] });
  const describe = async (theCase: Partial<Case> = {}) => {
    const { instanceId: _id, ...asked } = aCase(theCase);
    return (await describeStep(aws.deps, { instanceId, region, case: asked })).detail;
  };
  const prepare = async (theCase: Partial<Case> = {}) => {
    const { case: described, before } = await describe(theCase);
    const { outcome, detail } = await prepareIsolation(aws.deps, { case: described, before });
    return { outcome, case: described, before, detail: detail as PrepareDetail };
  };
  const isolate = async (theCase: Partial<Case> = {}) => {
    const { detail: prepared, ...input } = await prepare(theCase);
    const { outcome, detail } = await isolateNetwork(aws.deps, { ...input, prepared });
    return { outcome, prepared, detail: detail as IsolationDetail };
  };
  const rehearse = async (theCase: Partial<Case> = {}) =>
    (await prepare({ ...theCase, dryRun: true })).detail as unknown as PlanDetail;
  return { aws, world, describe, prepare, isolate, rehearse };
};

/** The names of the groups that an interface is in. */
export const namesOf = (world: FakeEc2, interfaceId = firstInterface): string[] =>
  world.groups.identify(world.groupsOf(interfaceId)).map(({ GroupName = '' }) => GroupName);

/** The rules of the group of this name, sorted. */
export const rulesIn = (world: FakeEc2, name: string): string[] =>
  world.groups.rules(world.groups.named(name) ?? `no ${name}`).toSorted();
