import { isDeepStrictEqual } from 'node:util';
import {
  DescribeIamInstanceProfileAssociationsCommand,
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
} from '@aws-sdk/client-ec2';
import { GetRolePolicyCommand, ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { describe, expect, it } from 'vitest';
import type { ReinforcementName } from '../../src/actions/index.ts';
import { reinforcementNamed, reinforcementNames } from '../../src/actions/index.ts';
import type { ReinforceDetail } from '../../src/case/reinforcement.ts';
import type { CaseReport } from '../../src/case/report.ts';
import type { Scene } from './by-hand.ts';
import { useScene } from './by-hand.ts';
import { containByFinding, giveBack } from './release-scene.ts';
import { hostSettings, manageHost } from './stand-in-host.ts';

/**
 * Whoever adds an action finds here what it still lacks: one that reads nothing acts on nothing, and
 * one whose before-value or whose present state is read nowhere is never given back.
 */

const scenes = useScene();

interface Trial {
  /** Makes the suspect one on which the action has something to do, where it has nothing yet. */
  readonly arrange?: (scene: Scene) => Promise<unknown>;
  /** Settings that it needs beside the one that opts into it. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Fields of AWS's answers that do not come back, as the documentation of the action says. */
  readonly lost?: readonly string[];
  /** Fields that only say by which id or since when, which every association has anew. */
  readonly renamed?: readonly string[];
}

const trials: Readonly<Record<ReinforcementName, Trial>> = {
  'idle-timeouts': {},
  'nacl-deny': {},
  'disassociate-addresses': {
    lost: ['Association', 'PublicIp', 'PublicIpAddress', 'PublicDnsName'],
  },
  'disable-imds': {},
  'revoke-credentials': {},
  'disassociate-profile': { renamed: ['AssociationId'] },
  'host-cut': { arrange: manageHost, settings: hostSettings },
};

/** AWS says nothing of timeouts that nobody set, and names its own where somebody gave them back. */
const isDefault = (timeouts: object): boolean =>
  isDeepStrictEqual(
    { TcpEstablishedTimeout: 432_000, UdpStreamTimeout: 180, UdpTimeout: 30, ...timeouts },
    { TcpEstablishedTimeout: 432_000, UdpStreamTimeout: 180, UdpTimeout: 30 },
  );

/** An answer of AWS without Cordon's tags, without what is left out, and in an order of its own. */
const comparable = (value: unknown, without: ReadonlySet<string>): unknown => {
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) {
    return value
      .filter((one) => !String(one?.Key ?? '').startsWith('cordon:'))
      .map((one) => comparable(one, without))
      .toSorted((a, b) => (JSON.stringify(a) ?? '').localeCompare(JSON.stringify(b) ?? ''));
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, one]) => !without.has(key) && one !== undefined)
      .filter(([key, one]) => key !== 'ConnectionTrackingConfiguration' || !isDefault(one))
      .map(([key, one]) => [key, comparable(one, without)])
      .toSorted(([a], [b]) => String(a).localeCompare(String(b))),
  );
};

/** Everything that AWS says of the suspect and of what cuts around it, field by field. */
const everythingOf = async (scene: Scene, { lost = [], renamed = [] }: Trial): Promise<unknown> => {
  const { clients, world } = scene;
  const { ec2, iam } = clients;
  const instance = { InstanceIds: [world.suspectId] };
  const named = { RoleName: 'web-server' };
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand(named));
  const { NetworkInterfaces = [] } = await ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
    }),
  );
  const answers = {
    instances: (await ec2.send(new DescribeInstancesCommand(instance))).Reservations,
    interfaces: NetworkInterfaces,
    acls: (
      await ec2.send(
        new DescribeNetworkAclsCommand({
          Filters: [{ Name: 'association.subnet-id', Values: [...world.subnetIds] }],
        }),
      )
    ).NetworkAcls,
    profiles: (
      await ec2.send(
        new DescribeIamInstanceProfileAssociationsCommand({
          Filters: [{ Name: 'instance-id', Values: [world.suspectId] }],
        }),
      )
    ).IamInstanceProfileAssociations,
    policies: await Promise.all(
      PolicyNames.map(async (PolicyName) => {
        const { PolicyDocument } = await iam.send(
          new GetRolePolicyCommand({ ...named, PolicyName }),
        );
        return `${PolicyName} ${PolicyDocument}`;
      }),
    ),
  };
  const always = ['TagSet', 'OperatorResponse', 'AttachTime', 'Timestamp'];
  return comparable(answers, new Set([...always, ...lost, ...renamed]));
};

const outcomesOf = (report: CaseReport, name: ReinforcementName): readonly string[] =>
  report.steps
    .flatMap(({ detail }) => (detail as Partial<ReinforceDetail>).reinforcements ?? [])
    .filter(({ cut }) => cut === name)
    .map(({ outcome }) => outcome);

describe('Every reinforcement that can be opted into', () => {
  it.each(reinforcementNames)(
    '%s changes something of the suspect, and gives it back',
    async (name) => {
      const { optIn } = reinforcementNamed(name);
      const trial = trials[name];
      const optedInto = optIn === undefined ? {} : { [optIn]: 'true' };
      const scene = await scenes.open({}, { ...optedInto, ...trial.settings });
      await trial.arrange?.(scene);
      const before = await everythingOf(scene, trial);
      const whole = await everythingOf(scene, { ...trial, lost: [] });
      const report = await containByFinding(scene);
      expect(outcomesOf(report, name), `${name} found nothing to change`).toContain('done');
      const contained = await everythingOf(scene, { ...trial, lost: [] });
      expect(contained).not.toEqual(whole);
      expect((await giveBack(scene)).status).toBe('released');
      expect(await everythingOf(scene, trial)).toEqual(before);
    },
  );
});
