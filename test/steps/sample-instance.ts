import type {
  Before,
  Instance,
  Membership,
  NetworkInterface,
  TargetRegistration,
} from '../../src/case/before.ts';
import type { Case } from '../../src/case/case.ts';
import type { Rule, SecurityGroup } from '../../src/case/security-group.ts';
import { storyBegins } from './fake-clock.ts';

/** One compromised web server, and the world it stands in. */
export const instanceId = 'i-0123456789abcdef0';
export const accountId = '111122223333';
export const region = 'eu-central-1';
export const vpcId = 'vpc-0000000000000000a';
export const otherVpcId = 'vpc-0000000000000000b';
export const firstInterface = 'eni-00000000000000001';
export const secondInterface = 'eni-00000000000000002';
export const webGroup = 'sg-00000000000000a01';
export const adminGroup = 'sg-00000000000000a02';
export const isolationId = 'sg-00000000000000c01';
export const transitionId = 'sg-00000000000000c02';
export const caseId = `20260301T0300Z-${instanceId}`;

export const anInterface = (change: Partial<NetworkInterface> = {}): NetworkInterface => ({
  id: firstInterface,
  vpcId,
  subnetId: 'subnet-0000000000000000a',
  groupIds: [webGroup],
  privateAddresses: ['10.0.0.10'],
  ipv6Addresses: [],
  publicAddresses: ['203.0.113.10'],
  requesterManaged: false,
  ...change,
});

export const anotherInterface = (change: Partial<NetworkInterface> = {}): NetworkInterface =>
  anInterface({
    id: secondInterface,
    groupIds: [adminGroup],
    privateAddresses: ['10.0.0.11'],
    publicAddresses: [],
    ...change,
  });

export const anInstance = (change: Partial<Instance> = {}): Instance => ({
  id: instanceId,
  accountId,
  region,
  state: 'running',
  vpcId,
  spot: false,
  rootDeviceType: 'ebs',
  metadataService: 'enabled',
  metadataTags: false,
  networkInterfaces: [anInterface()],
  volumes: [
    { id: 'vol-00000000000000001', device: '/dev/xvda', deleteOnTermination: true },
    { id: 'vol-00000000000000002', device: '/dev/sdf', deleteOnTermination: false },
  ],
  protection: { termination: false, stop: false, shutdownBehavior: 'terminate' },
  tags: { Name: 'web-1' },
  ...change,
});

export const everything = (direction: Rule['direction'], cidr: '0.0.0.0/0' | '::/0'): Rule => ({
  direction,
  protocol: '-1',
  peer: cidr === '::/0' ? { kind: 'ipv6', cidr } : { kind: 'ipv4', cidr },
});

export const anIsolationGroup = (change: Partial<SecurityGroup> = {}): SecurityGroup => ({
  id: isolationId,
  name: 'cordon-isolation-full',
  vpcId,
  ownerId: accountId,
  rules: [],
  role: 'isolation',
  ...change,
});

export const aTransitionGroup = (change: Partial<SecurityGroup> = {}): SecurityGroup => ({
  id: transitionId,
  name: 'cordon-transition',
  vpcId,
  ownerId: accountId,
  rules: [
    everything('ingress', '0.0.0.0/0'),
    everything('ingress', '::/0'),
    everything('egress', '0.0.0.0/0'),
    everything('egress', '::/0'),
  ],
  role: 'transition',
  ...change,
});

/** The world before Cordon came: warm, both of Cordon's groups exist from an earlier case. */
export const aBefore = (change: Partial<Before> = {}): Before => ({
  instance: anInstance(),
  autoScaling: { known: true },
  groups: [anIsolationGroup(), aTransitionGroup()],
  repeat: false,
  readAt: storyBegins.toISOString(),
  ...change,
});

export const aMembership = (change: Partial<Membership> = {}): Membership => ({
  groupName: 'web-asg',
  lifecycleState: 'InService',
  protectedFromScaleIn: false,
  targetGroupArns: [],
  loadBalancerNames: [],
  ...change,
});

export const aCase = (change: Partial<Case> = {}): Case => ({
  caseId,
  instanceId,
  accountId,
  region,
  trigger: {
    source: 'guardduty',
    id: 'a0b1c2',
    type: 'Backdoor:EC2/C&CActivity.B',
    severity: 8,
    at: '2026-03-01T03:05:00.000Z',
  },
  dryRun: false,
  ...change,
});

export const targetGroupArn = (name: string): string =>
  `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/${name}/0123456789abcdef`;

export const aRegistration = (change: Partial<TargetRegistration> = {}): TargetRegistration => ({
  targetGroupArn: targetGroupArn('web'),
  targetId: instanceId,
  port: 80,
  state: 'healthy',
  viaAutoScaling: false,
  ...change,
});
