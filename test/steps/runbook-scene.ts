import {
  DescribeAutoScalingGroupsCommand,
  DescribeAutoScalingInstancesCommand,
  DetachInstancesCommand,
} from '@aws-sdk/client-auto-scaling';
import { PublishCommand } from '@aws-sdk/client-sns';
import type { Instance } from '../../src/case/before.ts';
import type { Case } from '../../src/case/case.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { SecurityGroup } from '../../src/case/security-group.ts';
import type { Conduct } from '../../src/run/conduct.ts';
import { contain } from '../../src/run/contain.ts';
import { fakeAws } from './fake-aws.ts';
import { FakeEc2 } from './fake-ec2.ts';
import { FakeLoadBalancing } from './fake-load-balancing.ts';
import { aCase, anInstance, instanceId } from './sample-instance.ts';

interface Scene {
  readonly settings?: Parameters<typeof fakeAws>[0];
  readonly instance?: Partial<Instance>;
  readonly groups?: readonly SecurityGroup[];
  readonly ipv6Vpcs?: readonly string[];
  readonly defaultRoute?: string;
  readonly balancing?: ConstructorParameters<typeof FakeLoadBalancing>[1];
  readonly autoScalingGroup?: string;
}

/** A whole account around one compromised instance; everything works until a test breaks it. */
export const runbookScene = (scene: Scene = {}) => {
  const aws = fakeAws(scene.settings);
  const world = new FakeEc2(aws, {
    instance: anInstance(scene.instance),
    groups: scene.groups ?? [],
    ipv6Vpcs: scene.ipv6Vpcs ?? [],
    defaultRoute: scene.defaultRoute ?? 'igw-1',
  });
  const balancing = new FakeLoadBalancing(
    aws,
    scene.balancing ?? { groups: [{ name: 'web', targets: [{ id: instanceId, port: 80 }] }] },
  );
  const { autoScaling } = aws;
  let member = scene.autoScalingGroup;
  autoScaling.on(DescribeAutoScalingInstancesCommand).callsFake(async () => ({
    AutoScalingInstances:
      member === undefined
        ? []
        : [{ AutoScalingGroupName: member, LifecycleState: 'InService', InstanceId: instanceId }],
  }));
  autoScaling
    .on(DescribeAutoScalingGroupsCommand)
    .callsFake(async () => ({ AutoScalingGroups: [{ AutoScalingGroupName: member }] }));
  autoScaling.on(DetachInstancesCommand).callsFake(async () => {
    member = undefined;
    return {};
  });
  const subjects: string[] = [];
  aws.sns.on(PublishCommand).callsFake(async ({ Subject }) => {
    subjects.push(Subject);
    return { MessageId: `m-${subjects.length}` };
  });
  const run = (theCase: Partial<Case> = {}, conduct: Conduct = {}): Promise<CaseReport> =>
    contain(aws.deps, aCase(theCase), { retryPause: 0, ...conduct });
  return { aws, world, balancing, subjects, run };
};

export const outcomesOf = ({ steps }: CaseReport): Record<string, string> =>
  Object.fromEntries(steps.map(({ step, outcome }) => [step, outcome]));
