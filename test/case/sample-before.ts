import type {
  Before,
  Instance,
  Membership,
  NetworkInterface,
  TargetRegistration,
  Volume,
} from '../../src/case/before.ts';

/** A public web server as Cordon finds it; every builder takes what should be different. */

export const instanceId = 'i-0c0d0e0f0a0b0c0d1';
export const accountId = '123456789012';
export const region = 'us-east-1';
export const vpcId = 'vpc-0123456789abcdef0';
export const subnetId = 'subnet-0123456789abcdef0';
export const targetGroupArn = `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/web/73e2d6bc24d8a067`;

export const interfaceWith = (changes: Partial<NetworkInterface> = {}): NetworkInterface => ({
  id: 'eni-0a1b2c3d4e5f60718',
  vpcId,
  subnetId,
  groupIds: ['sg-0123456789abcdef0'],
  privateAddresses: ['10.20.1.15'],
  ipv6Addresses: [],
  publicAddresses: ['203.0.113.25'],
  requesterManaged: false,
  ...changes,
});

export const volumeWith = (changes: Partial<Volume> = {}): Volume => ({
  id: 'vol-0123456789abcdef0',
  device: '/dev/xvda',
  deleteOnTermination: true,
  ...changes,
});

export const instanceWith = (changes: Partial<Instance> = {}): Instance => ({
  id: instanceId,
  accountId,
  region,
  state: 'running',
  vpcId,
  spot: false,
  rootDeviceType: 'ebs',
  metadataService: 'enabled',
  metadataTags: false,
  networkInterfaces: [interfaceWith()],
  volumes: [volumeWith()],
  protection: { termination: false, stop: false, shutdownBehavior: 'terminate' },
  tags: { Name: 'web-1' },
  ...changes,
});

export const membershipWith = (changes: Partial<Membership> = {}): Membership => ({
  groupName: 'web',
  lifecycleState: 'InService',
  protectedFromScaleIn: false,
  targetGroupArns: [targetGroupArn],
  loadBalancerNames: [],
  ...changes,
});

export const beforeWith = (changes: Partial<Before> = {}): Before => ({
  instance: instanceWith(),
  autoScaling: { known: true },
  groups: [],
  repeat: false,
  readAt: '2026-11-20T03:00:00.100Z',
  ...changes,
});

export const targetWith = (changes: Partial<TargetRegistration> = {}): TargetRegistration => ({
  targetGroupArn,
  targetId: instanceId,
  port: 80,
  state: 'healthy',
  viaAutoScaling: false,
  ...changes,
});
