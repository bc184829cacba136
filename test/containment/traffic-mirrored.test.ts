import {
  CreateTrafficMirrorFilterCommand,
  CreateTrafficMirrorSessionCommand,
  CreateTrafficMirrorTargetCommand,
  DescribeNetworkInterfacesCommand,
  DescribeTrafficMirrorFiltersCommand,
  DescribeTrafficMirrorSessionsCommand,
} from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import type { WorldClients } from '../../emulator/world/world-clients.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { stack } from '../template/opted-in.ts';
import { roleOf } from '../template/policy.ts';
import { withParameters } from '../template/resolve.ts';
import type { Account } from './account.ts';
import { containByEvent, useAccount } from './account.ts';
import { useCommand } from './command.ts';
import { collected, storeOf } from './evidence-scene.ts';

/** Traffic mirroring from the finding to the release. */

const accounts = useAccount({ evidence: true });
const command = useCommand();

/** An interface of some instance that is not the suspect. */
const otherInterface = async ({ ec2 }: WorldClients, suspectId: string): Promise<string> => {
  const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({}));
  const found = NetworkInterfaces.find(
    ({ Attachment }) => Attachment?.InstanceId !== undefined && Attachment.InstanceId !== suspectId,
  );
  return found?.NetworkInterfaceId ?? '';
};

const makeTarget = async (clients: WorldClients, suspectId: string): Promise<string> => {
  const { TrafficMirrorTarget } = await clients.ec2.send(
    new CreateTrafficMirrorTargetCommand({
      NetworkInterfaceId: await otherInterface(clients, suspectId),
    }),
  );
  return TrafficMirrorTarget?.TrafficMirrorTargetId ?? '';
};

/** What these functions may call in such a stack, and nothing else. */
const grants = () => {
  const deployed = withParameters(stack, { MirrorTargetId: 'tmt-0123456789abcdef0' });
  return Object.fromEntries(
    ['EvidenceFunction', 'ReleaseFunction'].map((owner) => [
      owner,
      [...new Set(roleOf(deployed, owner).statements.flatMap(({ actions }) => actions))],
    ]),
  );
};

const open = () =>
  accounts.open({
    grants: grants(),
    before: async (clients, { suspectId }) => ({
      MirrorTargetId: await makeTarget(clients, suspectId),
    }),
  });

const sessionsIn = async ({ clients }: Account) =>
  (await clients.ec2.send(new DescribeTrafficMirrorSessionsCommand({}))).TrafficMirrorSessions ??
  [];

const filtersIn = async ({ clients }: Account) =>
  (await clients.ec2.send(new DescribeTrafficMirrorFiltersCommand({}))).TrafficMirrorFilters ?? [];

const contain = async (account: Account): Promise<CaseReport> => {
  const report = (await containByEvent(account)).output as CaseReport;
  expect(report.status, report.reason).toBe('contained');
  expect((await collected(account, report)).status).toBe('SUCCEEDED');
  return report;
};

const release = ({ emulator, world }: Account) =>
  command.start(emulator, ['release', world.suspectId, '--yes'], { USER: 'ada' }).ended;

/** A session of the security team on an interface of the suspect, with the tags of the case on it. */
const plant = async (account: Account, report: CaseReport, interfaceId: string) => {
  const { clients, world } = account;
  const { TrafficMirrorFilter } = await clients.ec2.send(
    new CreateTrafficMirrorFilterCommand({ Description: 'network detection' }),
  );
  const { TrafficMirrorSession } = await clients.ec2.send(
    new CreateTrafficMirrorSessionCommand({
      NetworkInterfaceId: interfaceId,
      TrafficMirrorTargetId: await makeTarget(clients, world.suspectId),
      TrafficMirrorFilterId: TrafficMirrorFilter?.TrafficMirrorFilterId,
      SessionNumber: 30,
      TagSpecifications: [
        {
          ResourceType: 'traffic-mirror-session',
          Tags: [
            { Key: 'cordon:case', Value: report.caseId },
            { Key: 'cordon:instance', Value: world.suspectId },
          ],
        },
      ],
    }),
  );
  return TrafficMirrorSession?.TrafficMirrorSessionId;
};

describe('The traffic of a contained instance', () => {
  // threat E10
  it('is mirrored per interface, is on record, and is not any more after the release', async () => {
    const account = await open();
    const report = await contain(account);
    const sessions = await sessionsIn(account);
    expect(sessions.length).toBeGreaterThan(0);
    const [filter] = await filtersIn(account);
    expect(filter).toMatchObject({
      IngressFilterRules: [{ RuleAction: 'accept' }, { RuleAction: 'accept' }],
      EgressFilterRules: [{ RuleAction: 'accept' }, { RuleAction: 'accept' }],
      NetworkServices: ['amazon-dns'],
    });
    const pieces = (await storeOf(account, report).pieces()).filter(
      ({ collector }) => collector === 'traffic-mirror',
    );
    expect(pieces.map(({ resource }) => resource).toSorted()).toEqual(
      sessions.map(({ TrafficMirrorSessionId }) => TrafficMirrorSessionId).toSorted(),
    );
    const planted = await plant(account, report, sessions[0]?.NetworkInterfaceId ?? '');
    const { code, stderr, stdout } = await release(account);
    expect(code, stderr).toBe(0);
    expect((await sessionsIn(account)).map((one) => one.TrafficMirrorSessionId)).toEqual([planted]);
    expect((await filtersIn(account)).map(({ Description }) => Description)).toEqual([
      'network detection',
    ]);
    expect(`${stdout}${stderr}`).toContain(`${planted} stays: it was made for something else`);
  });

  it('is not mirrored where AWS refuses: that is told, and the case is as contained as any', async () => {
    const account = await open();
    account.emulator.traffic.inject({
      service: 'ec2',
      action: 'CreateTrafficMirrorSession',
      times: 1_000,
      kind: 'denied',
    });
    const report = await contain(account);
    expect(await storeOf(account, report).outcomes()).toContainEqual(
      expect.objectContaining({ collector: 'traffic-mirror', outcome: 'failed' }),
    );
    const { code, stderr } = await release(account);
    expect(code, stderr).toBe(0);
    expect(await filtersIn(account)).toEqual([]);
  });
});
