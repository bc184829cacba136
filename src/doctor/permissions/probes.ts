import { outputOf } from '../stack-now.ts';
import type { Place } from './place.ts';
import { arnIn, queueArn } from './place.ts';

/** Actions that go together, and resources of the kinds that they are made on. */
export interface Probe {
  readonly actions: readonly string[];
  readonly resources: (place: Place) => readonly string[];
}

const id = '0123456789abcdef0';

const ec2 = (place: Place, ...resources: readonly string[]): readonly string[] =>
  resources.map((one) => arnIn(place, 'ec2', one));

const interfaces = `network-interface/eni-${id}`;
const instances = `instance/i-${id}`;
const groups = `security-group/sg-${id}`;
const volumes = `volume/vol-${id}`;

/** What Cordon's roles and people do to contain an instance, as IAM is asked about it. */
export const probes = {
  describe: {
    actions: [
      'ec2:DescribeInstances',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSecurityGroups',
      'ec2:DescribeVolumes',
      'autoscaling:DescribeAutoScalingInstances',
    ],
    resources: () => ['*'],
  },
  move: {
    actions: ['ec2:ModifyNetworkInterfaceAttribute'],
    resources: (place) => ec2(place, interfaces, instances, groups),
  },
  tag: {
    actions: ['ec2:CreateTags'],
    resources: (place) => ec2(place, instances, interfaces),
  },
  makeGroups: {
    actions: ['ec2:CreateSecurityGroup'],
    resources: (place) => ec2(place, `vpc/vpc-${id}`, groups),
  },
  mendGroups: {
    actions: [
      'ec2:AuthorizeSecurityGroupIngress',
      'ec2:AuthorizeSecurityGroupEgress',
      'ec2:RevokeSecurityGroupIngress',
      'ec2:RevokeSecurityGroupEgress',
    ],
    resources: (place) => ec2(place, groups),
  },
  detach: {
    actions: ['autoscaling:DetachInstances'],
    resources: (place) => [
      arnIn(
        place,
        'autoscaling',
        'autoScalingGroup:01234567-89ab-cdef-0123-456789abcdef:autoScalingGroupName/any',
      ),
    ],
  },
  deregister: {
    actions: ['elasticloadbalancing:DeregisterTargets'],
    resources: (place) => [
      arnIn(place, 'elasticloadbalancing', 'targetgroup/any/0123456789abcdef'),
    ],
  },
  protect: {
    actions: ['ec2:ModifyInstanceAttribute'],
    resources: (place) => ec2(place, instances),
  },
  snapshot: {
    actions: ['ec2:CreateSnapshots'],
    resources: (place) => [
      ...ec2(place, instances, volumes),
      `arn:${place.partition}:ec2:${place.region}::snapshot/snap-${id}`,
    ],
  },
  seal: {
    actions: ['kms:Sign'],
    resources: ({ stack }) => [outputOf(stack, 'TrailKeyArn')],
  },
  tell: {
    actions: ['sns:Publish'],
    resources: ({ stack }) => [outputOf(stack, 'NotificationTopicArn')],
  },
  start: {
    actions: ['states:StartExecution'],
    resources: ({ stack }) => [outputOf(stack, 'StateMachineArn')],
  },
  lock: {
    actions: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
    resources: (place) => [
      arnIn(place, 'dynamodb', `table/${outputOf(place.stack, 'CaseTableName')}`),
    ],
  },
  keepLost: {
    actions: ['sqs:SendMessage'],
    resources: (place) => [queueArn(place)],
  },
  stop: {
    actions: ['ssm:PutParameter'],
    resources: (place) => [arnIn(place, 'ssm', `parameter${place.stopParameter}`)],
  },
} as const satisfies Readonly<Record<string, Probe>>;

export type ProbeName = keyof typeof probes;

/** What each function does that a case cannot do without, by its logical id. */
export const probesOfFunctions: Readonly<Record<string, readonly ProbeName[]>> = {
  IntakeFunction: ['start', 'lock', 'tell', 'keepLost'],
  DescribeFunction: ['describe'],
  PrepareIsolationFunction: ['describe', 'tag', 'makeGroups', 'mendGroups'],
  IsolateNetworkFunction: ['describe', 'move'],
  DetachAutoScalingFunction: ['detach'],
  DeregisterLoadBalancersFunction: ['deregister'],
  ProtectFunction: ['protect'],
  SnapshotFunction: ['snapshot'],
  TagFunction: ['tag', 'seal'],
  NotifyFunction: ['tell'],
  DriftFunction: ['describe', 'move', 'tell'],
  ReleaseFunction: ['describe', 'move'],
};

/** What a person does who contains by hand, and stops everything automatic. */
export const probesByHand: readonly ProbeName[] = [
  'describe',
  'move',
  'tag',
  'makeGroups',
  'mendGroups',
  'detach',
  'deregister',
  'protect',
  'snapshot',
  'seal',
  'tell',
  'stop',
];
