import { DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { DescribeExecutionCommand, ListExecutionsCommand } from '@aws-sdk/client-sfn';
import { PublishCommand } from '@aws-sdk/client-sns';
import type { Instance, NetworkInterface } from '../../src/case/before.ts';
import type { DriftNews } from '../../src/case/drift-news.ts';
import type { Stop } from '../../src/case/stop-switch.ts';
import { drift } from '../../src/watch/drift.ts';
import type { DriftEvent, RecordedCall } from '../../src/watch/event.ts';
import { awsError } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { FakeEc2 } from '../steps/fake-ec2.ts';
import { FakeLoadBalancing } from '../steps/fake-load-balancing.ts';
import {
  anInstance,
  anInterface,
  anIsolationGroup,
  aTransitionGroup,
  caseId,
  instanceId,
  isolationId,
  region,
  webGroup,
} from '../steps/sample-instance.ts';

export const stateMachineArn =
  'arn:aws:states:eu-central-1:111122223333:stateMachine:ContainmentStateMachine';

export const secondId = 'i-00000000000000099';
export const interfaceOfSecond = 'eni-00000000000000099';

const contained = (id: string, networkInterfaces: readonly NetworkInterface[]): Instance =>
  anInstance({
    id,
    networkInterfaces,
    protection: { termination: true, stop: true, shutdownBehavior: 'stop' },
    volumes: [{ id: `vol-of-${id}`, device: '/dev/xvda', deleteOnTermination: false }],
  });

interface Scene {
  readonly settings?: Parameters<typeof fakeAws>[0];
  readonly interfaces?: readonly NetworkInterface[];
  /** Interfaces that were attached to the first since its case. */
  readonly attached?: readonly NetworkInterface[];
  /** False: there is no execution of their cases, as after a run by hand, or where tags are forged. */
  readonly executed?: boolean;
  /** The open cases of the case table, by instance; none unless a test says so. */
  readonly inTable?: ReadonlyMap<string, string>;
  /** While somebody has stopped everything automatic. */
  readonly stop?: Stop;
  /** With a second contained instance beside the first. */
  readonly two?: boolean;
  readonly balancing?: ConstructorParameters<typeof FakeLoadBalancing>[1];
}

export const isolatedInterface = (change: Partial<NetworkInterface> = {}): NetworkInterface =>
  anInterface({ groupIds: [isolationId], publicAddresses: [], ...change });

/** Contained instances between their case and their release; everything holds until a test breaks it. */
export const driftScene = (scene: Scene = {}) => {
  const aws = fakeAws(scene.settings);
  const attached = scene.attached ?? [];
  const first = contained(instanceId, [
    ...(scene.interfaces ?? [isolatedInterface()]),
    ...attached,
  ]);
  const second = contained(secondId, [isolatedInterface({ id: interfaceOfSecond })]);
  const instances = scene.two === true ? [first, second] : [first];
  const world = new FakeEc2(aws, {
    instance: first,
    others: instances.slice(1),
    groups: [anIsolationGroup(), aTransitionGroup()],
  });
  const balancing = new FakeLoadBalancing(aws, scene.balancing);
  aws.stepFunctions.on(ListExecutionsCommand).resolves({ executions: [] });
  aws.stepFunctions.on(DescribeExecutionCommand).rejects(awsError('ExecutionDoesNotExist'));
  const execute = (id: string, status: 'RUNNING' | 'SUCCEEDED', input: object = {}) => {
    const name = caseId.replace(instanceId, id);
    aws.stepFunctions
      .on(DescribeExecutionCommand, {
        executionArn: `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`,
      })
      .resolves({ status, input: JSON.stringify({ instanceId: id, dryRun: false, ...input }) });
    if (status === 'RUNNING') {
      aws.stepFunctions.on(ListExecutionsCommand, { statusFilter: 'RUNNING' }).resolves({
        executions: [
          { name, status, startDate: aws.clock.now(), executionArn: name, stateMachineArn },
        ],
      });
    }
  };
  if (scene.executed !== false) for (const { id } of instances) execute(id, 'SUCCEEDED');
  aws.autoScaling.on(DescribeAutoScalingInstancesCommand).resolves({ AutoScalingInstances: [] });
  for (const { id, volumes, networkInterfaces } of instances) {
    const its = caseId.replace(instanceId, id);
    for (const volume of volumes) {
      const SnapshotId = `snap-of-${volume.id}`;
      const StartTime = aws.clock.now();
      world.snapshots.push({ SnapshotId, VolumeId: volume.id, State: 'completed', StartTime });
      world.tag(SnapshotId, { 'cordon:case': its, 'cordon:instance': id });
    }
    world.tag(id, {
      'cordon:case': its,
      'cordon:status': 'contained',
      'cordon:trigger': 'guardduty Backdoor:EC2/C&CActivity.B 8 a0b1c2',
      'cordon:before:protect': 'term=0 stop=0 shutdown=terminate imds=enabled',
      'cordon:step:isolate-network': '2026-03-01T03:01:00Z done cut=complete profile=full',
      'cordon:step:verify': '2026-03-01T03:01:10Z done cut=complete',
    });
    for (const one of networkInterfaces.filter((it) => !attached.includes(it))) {
      world.tag(one.id, { 'cordon:case': its, 'cordon:original-groups': webGroup });
    }
  }
  const messages: { subject: string; news: DriftNews; text: string }[] = [];
  aws.sns.on(PublishCommand).callsFake(async ({ Subject = '', Message = '{}' }) => {
    const { sqs, default: text } = JSON.parse(Message);
    messages.push({ subject: Subject, news: JSON.parse(sqs), text });
    return { MessageId: `m-${messages.length}` };
  });
  const stands = async () => scene.stop;
  const stopSwitch = { stackName: 'cordon', checkMinutes: 15, stands };
  const inTable = scene.inTable ?? new Map<string, string>();
  const openInTable = async () => inTable;
  const deps = { ...aws.deps, region, stateMachineArn, stopSwitch, openInTable };
  const run = (event: DriftEvent = { kind: 'check' }) => drift(deps, event);
  /** The kinds of news, in order, each with its instance. */
  const told = () => messages.map(({ news }) => `${news.instanceId} ${news.kind}`);
  const refuseTopic = () => aws.sns.on(PublishCommand).rejects(awsError('AuthorizationError'));
  /** The instances cannot be read together: whatever is read of one of them is read of it alone. */
  const refuseBatches = (error: Error) =>
    aws.ec2
      .on(DescribeInstancesCommand, {
        Filters: [{ Name: 'instance-id', Values: instances.map(({ id }) => id) }],
      })
      .rejects(error);
  return { aws, deps, world, balancing, messages, run, told, refuseTopic, refuseBatches, execute };
};

/** A call that CloudTrail recorded. */
export const aCall = (
  change: Partial<RecordedCall> = {},
): Extract<DriftEvent, { kind: 'call' }> => ({
  kind: 'call',
  call: {
    name: 'ModifyNetworkInterfaceAttribute',
    at: '2026-03-01T03:06:00Z',
    by: 'arn:aws:sts::111122223333:assumed-role/web/i-1',
    from: '198.51.100.7',
    eventId: 'b1c2',
    ofTheTrail: false,
    text: JSON.stringify([{ instanceId }]),
    ...change,
  },
});
