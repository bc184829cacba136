import type { ModifyNetworkInterfaceAttributeCommandInput } from '@aws-sdk/client-ec2';
import { expect, it } from 'vitest';
import type { Deps } from '../../src/aws/clients.ts';
import { silentLog } from '../../src/aws/log.ts';
import type { Before } from '../../src/case/before.ts';
import type { Case } from '../../src/case/case.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { isolateNetwork } from '../../src/steps/isolate-network.ts';

/**
 * The role may attach groups that bear `cordon:role`, and no others; EC2 asks IAM about every group
 * that a call names, in a dry run too. The emulator knows no conditions, so this is shown here.
 */

const instanceId = 'i-0c0d0e0f0a0b0c0d1';
const vpcId = 'vpc-0123456789abcdef0';
const accountId = '123456789012';

const theCase: Case = {
  caseId: `20261120T0250Z-${instanceId}`,
  instanceId,
  accountId,
  region: 'eu-central-1',
  trigger: { source: 'manual', id: 'by-hand', type: 'manual', severity: null, at: '' },
  dryRun: true,
};

const before = (groups: Before['groups']): Before => ({
  instance: {
    id: instanceId,
    accountId,
    region: 'eu-central-1',
    state: 'running',
    vpcId,
    spot: false,
    rootDeviceType: 'ebs',
    metadataService: 'enabled',
    metadataTags: false,
    networkInterfaces: [
      {
        id: 'eni-0a1b2c3d4e5f60718',
        vpcId,
        subnetId: 'subnet-0123456789abcdef0',
        groupIds: ['sg-00000000000000web'],
        privateAddresses: ['10.20.1.15'],
        ipv6Addresses: [],
        publicAddresses: [],
        requesterManaged: false,
      },
    ],
    volumes: [],
    protection: {},
    tags: {},
  },
  autoScaling: { known: true },
  groups,
  repeat: false,
  readAt: '2026-11-20T02:58:00.000Z',
});

const isolationGroup = {
  id: 'sg-0000000isolation',
  name: 'cordon-isolation-full',
  vpcId,
  ownerId: accountId,
  rules: [],
  role: 'isolation',
};

/** The groups that a rehearsal of the cut names to EC2. */
const groupsRehearsed = async (known: Before['groups']): Promise<readonly string[]> => {
  const named: string[] = [];
  const ec2 = {
    send: async ({ input }: { input: ModifyNetworkInterfaceAttributeCommandInput }) => {
      expect(input.DryRun).toBe(true);
      named.push(...(input.Groups ?? []));
      throw Object.assign(new Error('It would have succeeded.'), { name: 'DryRunOperation' });
    },
  };
  const deps = {
    clients: { ec2 },
    clock: { now: () => new Date(0), sleep: async () => {} },
    log: silentLog,
    settings: readSettings({}).settings,
  } as unknown as Deps<'ec2'>;
  const prepared = { groups: {}, originals: {}, risks: [] };
  await isolateNetwork(deps, { case: theCase, before: before(known), prepared });
  return named;
};

it.each([
  ['that is there', [isolationGroup]],
  ['that is still to be made', []],
])('a rehearsed cut to a group %s names only groups that the role may attach', async (_, known) => {
  const named = await groupsRehearsed(known);
  expect(named.filter((id) => !known.some((group) => group.id === id))).toEqual([]);
});
