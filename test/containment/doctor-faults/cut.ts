import {
  AuthorizeSecurityGroupEgressCommand,
  DeleteSecurityGroupCommand,
  DescribeSecurityGroupsCommand,
  RevokeSecurityGroupEgressCommand,
} from '@aws-sdk/client-ec2';
import {
  AttachRolePolicyCommand,
  DeleteRolePolicyCommand,
  DetachRolePolicyCommand,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import type { Ailing, Healthy } from '../doctor-scene.ts';
import { everyRight } from '../doctor-scene.ts';
import type { Fault } from './fault.ts';

/** The group of this name in the VPC of the suspect. */
const cordonGroup = async ({ clients, world }: Healthy, name: string): Promise<string> => {
  const { SecurityGroups = [] } = await clients.ec2.send(
    new DescribeSecurityGroupsCommand({
      Filters: [
        { Name: 'group-name', Values: [name] },
        { Name: 'vpc-id', Values: [world.vpcId] },
      ],
    }),
  );
  return SecurityGroups[0]?.GroupId ?? '';
};

const without = (action: string): Ailing => ({
  rights: everyRight.filter((one) => one !== action),
});

/** What keeps a case from cutting an instance off. */
export const cut: readonly Fault[] = [
  {
    name: 'a function has lost a policy',
    plant: async ({ clients, idOf }) =>
      clients.iam.send(
        new DetachRolePolicyCommand({
          RoleName: idOf('IsolateNetworkFunctionRole'),
          PolicyArn: idOf('IsolatePolicy'),
        }),
      ),
    mend: async ({ clients, idOf }) =>
      clients.iam.send(
        new AttachRolePolicyCommand({
          RoleName: idOf('IsolateNetworkFunctionRole'),
          PolicyArn: idOf('IsolatePolicy'),
        }),
      ),
    found: {
      check: 'roles',
      state: 'FAIL',
      says: /^ec2:ModifyNetworkInterfaceAttribute of IsolateNetworkFunction: not allowed$/,
    },
  },
  {
    name: 'a function is denied a call',
    plant: ({ clients, idOf }) =>
      clients.iam.send(
        new PutRolePolicyCommand({
          RoleName: idOf('SnapshotFunctionRole'),
          PolicyName: 'guard',
          PolicyDocument: JSON.stringify({
            Version: '2012-10-17',
            Statement: [{ Effect: 'Deny', Action: 'ec2:CreateSnapshots', Resource: '*' }],
          }),
        }),
      ),
    mend: ({ clients, idOf }) =>
      clients.iam.send(
        new DeleteRolePolicyCommand({
          RoleName: idOf('SnapshotFunctionRole'),
          PolicyName: 'guard',
        }),
      ),
    found: {
      check: 'roles',
      state: 'FAIL',
      says: /^ec2:CreateSnapshots of SnapshotFunction: denied by a policy$/,
    },
  },
  {
    name: 'the person may not move interfaces',
    ailing: without('ec2:ModifyNetworkInterfaceAttribute'),
    found: {
      check: 'by hand',
      state: 'FAIL',
      says: /^ec2:ModifyNetworkInterfaceAttribute: not allowed$/,
    },
  },
  {
    name: 'the person may not look at detectors',
    ailing: without('guardduty:ListDetectors'),
    found: { check: 'guardduty', state: 'warn', says: /^not checked: .*guardduty:ListDetectors/ },
  },
  {
    name: 'the clock is off by minutes',
    ailing: { clockAhead: 8 * 60_000 },
    found: { check: 'clock', state: 'FAIL', says: /^this machine is 8 min ahead of AWS/ },
  },
  {
    name: 'the clock is off by a minute',
    ailing: { clockAhead: -60_000 },
    found: { check: 'clock', state: 'warn', says: /^this machine is (?:59|60) s behind AWS/ },
  },
  {
    name: 'an isolation group is missing',
    plant: async (account) =>
      account.clients.ec2.send(
        new DeleteSecurityGroupCommand({
          GroupId: await cordonGroup(account, 'cordon-isolation-full'),
        }),
      ),
    found: { check: 'groups', state: 'warn', says: /^not ready: cordon-isolation-full of vpc-/ },
  },
  {
    name: 'somebody has opened an isolation group',
    plant: async (account) =>
      account.clients.ec2.send(
        new AuthorizeSecurityGroupEgressCommand({
          GroupId: await cordonGroup(account, 'cordon-isolation-full'),
          IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '198.51.100.0/24' }] }],
        }),
      ),
    mend: async (account) =>
      account.clients.ec2.send(
        new RevokeSecurityGroupEgressCommand({
          GroupId: await cordonGroup(account, 'cordon-isolation-full'),
          IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '198.51.100.0/24' }] }],
        }),
      ),
    found: { check: 'groups', state: 'warn', says: /^not ready: cordon-isolation-full of vpc-/ },
  },
  {
    name: 'the quota of security groups is used up',
    plant: ({ emulator }) => emulator.quotas({ securityGroups: 9 }),
    mend: ({ emulator }) => emulator.quotas({ securityGroups: 2500 }),
    found: { check: 'quota', state: 'warn', says: /^room for 0 more security groups/ },
  },
];
