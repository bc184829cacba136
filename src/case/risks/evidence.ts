import type { Instance } from '../before.ts';
import { mayHaveInstanceStore } from '../last-resort.ts';
import { operatorAdvice } from '../operator.ts';
import type { ResidualRisk } from '../risk.ts';

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/interruption-behavior.html */
const spot: ResidualRisk = {
  risk: 'spot-interruption',
  explanation:
    'It is a Spot instance: AWS may interrupt it with two minutes’ notice, and offers neither termination nor stop protection for it. Its EBS volumes stay, because they are not deleted with it; memory and instance store do not.',
  remedy: 'Save the memory now, and what is on instance store; the snapshots do not depend on it.',
};

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-store-lifetime.html */
const instanceStore = (instance: Instance): ResidualRisk => ({
  risk: 'instance-store-volatile',
  explanation:
    instance.rootDeviceType === 'instance-store'
      ? 'Its root device is an instance store: no snapshot covers it, nothing protects it from being stopped or shut down, and it is erased when the instance ends.'
      : `Its type ${instance.instanceType} may have instance store volumes: no snapshot covers them, and they are erased when the instance stops, hibernates or ends.`,
  remedy: 'Copy them while the instance runs, and do not stop or reboot it before.',
});

/** What the kinds of purchase beside on-demand and Spot mean for the evidence. */
const purchases: Readonly<Record<string, string>> = {
  'capacity-block':
    'It is in a Capacity Block: EC2 terminates it 30 minutes before the block ends, whatever protections are on.',
  scheduled: 'It is a Scheduled Instance: EC2 terminates it when its schedule ends.',
  'interruptible-capacity-reservation':
    'It runs in an interruptible capacity reservation: EC2 terminates it when the owner of the reservation takes the capacity back.',
};

const endsBySchedule = ({ purchase }: Instance): readonly ResidualRisk[] =>
  purchase === undefined
    ? []
    : [
        {
          risk: 'ends-by-schedule',
          explanation:
            purchases[purchase] ??
            `It was bought as "${purchase}": EC2 may end it at a time of its own, whatever protections are on.`,
          remedy: 'Save the memory before; the volumes stay, because they are not deleted with it.',
        },
      ];

interface Owner {
  readonly name: string;
  readonly tag: RegExp;
  readonly value?: RegExp;
  readonly remedy: string;
}

/**
 * Services that end or replace their instances, by the tags that they write. Whoever forges a tag
 * that is not `aws:` adds a warning here, and takes nothing away.
 */
const owners: readonly Owner[] = [
  {
    name: 'an EC2 Fleet',
    tag: /^aws:ec2:fleet-id$/,
    remedy:
      'Set the fleet’s ExcessCapacityTerminationPolicy to no-termination: aws ec2 modify-fleet',
  },
  {
    name: 'a Spot Fleet',
    tag: /^aws:ec2spot:fleet-request-id$/,
    remedy: 'Do not cancel or shrink the request: aws ec2 modify-spot-fleet-request',
  },
  {
    name: 'an environment of Elastic Beanstalk',
    tag: /^elasticbeanstalk:environment-id$|^aws:cloudformation:stack-name$/,
    value: /^(?:awseb-)?e-[a-z0-9]+/,
    remedy: 'Do not deploy to, rebuild or end the environment.',
  },
  {
    name: 'a compute environment of AWS Batch',
    tag: /^AWSBatchServiceTag$/,
    remedy: 'Disable the compute environment’s job queues, and do not delete it.',
  },
  {
    name: 'a cluster of EMR',
    tag: /^aws:elasticmapreduce:job-flow-id$/,
    remedy: 'Switch on the cluster’s termination protection: aws emr modify-cluster-attributes',
  },
];

const endedByOwner = ({ tags }: Instance): readonly ResidualRisk[] =>
  owners
    .filter(({ tag, value = /^/ }) =>
      Object.entries(tags).some(([key, text]) => tag.test(key) && value.test(text)),
    )
    .map(({ name, remedy }) => ({
      risk: 'owner-may-terminate',
      explanation: `The instance belongs to ${name}, which may terminate or replace it.`,
      remedy,
    }));

const managed = (operator: string): ResidualRisk => ({
  risk: 'managed-instance',
  explanation: `${operator} manages the instance and lets nobody else protect or end it: its protections cannot be switched on, and its security groups may not be changed.`,
  remedy: operatorAdvice(operator),
});

const noVolume: ResidualRisk = {
  risk: 'no-volume',
  explanation: 'The instance has no EBS volume: there is nothing that a snapshot could keep.',
  remedy: 'Save what is in memory and on instance store while the instance runs.',
};

/** What may take the evidence away though every protection that AWS allows is on. */
export const evidenceRisks = (instance: Instance): readonly ResidualRisk[] => [
  ...(instance.spot ? [spot] : []),
  ...endsBySchedule(instance),
  ...(instance.managedBy === undefined ? [] : [managed(instance.managedBy)]),
  ...(mayHaveInstanceStore(instance) ? [instanceStore(instance)] : []),
  ...(instance.volumes.length === 0 ? [noVolume] : []),
  ...endedByOwner(instance),
];
