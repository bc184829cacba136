import { DescribeAutoScalingInstancesCommand } from '@aws-sdk/client-auto-scaling';
import {
  DescribeInstancesCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
} from '@aws-sdk/client-ec2';
import { ListRolePoliciesCommand } from '@aws-sdk/client-iam';
import { expect } from 'vitest';
import { sampleEvent } from '../../emulator/follow/finding.ts';
import type { CaseReport } from '../../src/case/report.ts';
import { makeRunbookClients } from '../../src/lambda/runbook-clients.ts';
import type { Releasable } from '../../src/release/find-released.ts';
import { findReleasable } from '../../src/release/find-released.ts';
import type { ReleaseRequest } from '../../src/release/release.ts';
import { release } from '../../src/release/release.ts';
import type { ReleaseDeps } from '../../src/release/release-deps.ts';
import { planRelease } from '../../src/release/release-plan.ts';
import type { ReleaseResult } from '../../src/release/release-result.ts';
import { requireTrust } from '../../src/release/require-trust.ts';
import type { Scene } from './by-hand.ts';
import { closeClients } from './by-hand.ts';
import { worldState } from './world-state.ts';

/** Somebody who takes the server back into its group, and says why. */
export const responder: ReleaseRequest = {
  by: { who: 'ada', reason: 'a false alarm' },
  autoScaling: 'attach',
};

/** Does something with clients of its own, and closes them. */
const withDeps = async <Result>(
  scene: Scene,
  work: (deps: ReleaseDeps) => Promise<Result>,
): Promise<Result> => {
  const clients = makeRunbookClients(scene.deps().log);
  try {
    return await work({ ...scene.deps(), clients });
  } finally {
    closeClients(clients);
  }
};

/** What a release finds of the suspect. */
export const find = (scene: Scene, named: readonly string[] = []): Promise<Releasable> =>
  withDeps(scene, (deps) =>
    findReleasable(deps, { instanceId: scene.world.suspectId }, scene.emulator.region, named),
  );

/** Gives the suspect back, as a person with the command does. */
export const giveBack = async (
  scene: Scene,
  request: ReleaseRequest & { readonly trustTags?: boolean } = responder,
): Promise<ReleaseResult> => {
  const releasable = await find(scene, Object.values(request.groups ?? {}).flat());
  requireTrust(releasable, request);
  const plan = planRelease(releasable.knowledge, releasable.existing, request);
  return withDeps(scene, (deps) => release(deps, releasable, plan, request));
};

/** In place of the sample’s own address, which is of a range for documentation and is never denied. */
export const remoteAddress = '45.83.64.77';

/** A finding that names an address that a network ACL can deny. */
export const findingFromTheInternet = (instanceId: string) => {
  const finding = sampleEvent('guardduty-command-and-control', instanceId, new Date());
  return JSON.parse(JSON.stringify(finding).replaceAll('198.51.100.77', remoteAddress));
};

/** Contains by a finding, so that there is an address that a network ACL can deny. */
export const containByFinding = (scene: Scene): Promise<CaseReport> =>
  scene.contain(scene.world.suspectId, findingFromTheInternet(scene.world.suspectId));

/** AWS says nothing of timeouts that nobody set, and names its own where somebody gave them back. */
const defaultTimeouts = { TcpEstablishedTimeout: 432_000, UdpStreamTimeout: 180, UdpTimeout: 30 };

/** Beside the server: the entries of the ACLs, the policies of its role, its place in its group. */
const surroundings = async ({ clients, world }: Scene) => {
  const { NetworkAcls = [] } = await clients.ec2.send(
    new DescribeNetworkAclsCommand({
      Filters: [{ Name: 'association.subnet-id', Values: [...world.subnetIds] }],
    }),
  );
  const { AutoScalingInstances = [] } = await clients.autoScaling.send(
    new DescribeAutoScalingInstancesCommand({ InstanceIds: [world.suspectId] }),
  );
  const { PolicyNames = [] } = await clients.iam.send(
    new ListRolePoliciesCommand({ RoleName: 'web-server' }),
  );
  return {
    aclEntries: NetworkAcls.flatMap(({ NetworkAclId, Entries = [] }) =>
      Entries.map(
        ({ RuleNumber, Egress, RuleAction, CidrBlock, Ipv6CidrBlock }) =>
          `${NetworkAclId} ${Egress} ${RuleNumber} ${RuleAction} ${CidrBlock ?? Ipv6CidrBlock}`,
      ),
    ).toSorted(),
    rolePolicies: PolicyNames.toSorted(),
    membership: AutoScalingInstances.map(
      ({ AutoScalingGroupName, LifecycleState, ProtectedFromScaleIn }) =>
        `${AutoScalingGroupName} ${LifecycleState} ${ProtectedFromScaleIn}`,
    ),
  };
};

/** What worldState leaves out, by the ids of this world. */
export const described = async ({ clients: { ec2 }, world }: Scene) => {
  const { Reservations = [] } = await ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [world.suspectId] }),
  );
  const instance = Reservations[0]?.Instances?.[0];
  const { NetworkInterfaces = [] } = await ec2.send(
    new DescribeNetworkInterfacesCommand({
      Filters: [{ Name: 'attachment.instance-id', Values: [world.suspectId] }],
    }),
  );
  return {
    profile: instance?.IamInstanceProfile?.Arn,
    metadata: instance?.MetadataOptions?.HttpEndpoint,
    interfaces: NetworkInterfaces.map((one) => ({
      NetworkInterfaceId: one.NetworkInterfaceId,
      groups: (one.Groups ?? []).map(({ GroupId }) => GroupId).toSorted(),
      address: one.Association?.PublicIp,
      timeouts: { ...defaultTimeouts, ...one.ConnectionTrackingConfiguration },
    })),
  };
};

/** The world, without what a release leaves on purpose: Cordon's groups, the snapshots, the story. */
export const stateOf = async (scene: Scene) => {
  const { groups, snapshots, tagKeys, ...state } = await worldState(scene);
  return { ...state, ...(await described(scene)), ...(await surroundings(scene)) };
};

/** A release of which every change after so many is refused. */
export const giveBackUntil = async (
  scene: Scene,
  survived: number,
  request: ReleaseRequest = responder,
): Promise<ReleaseResult> => {
  let changes = 0;
  const changing =
    /^(?:Modify|Associate|Attach|Register|Set|Resume|Enter|Exit|DeleteRole|DeleteNetwork)/;
  scene.emulator.traffic.inject({
    service: '*',
    action: '*',
    kind: 'denied',
    times: Number.POSITIVE_INFINITY,
    matches: (params) => {
      const action = params instanceof URLSearchParams ? (params.get('Action') ?? '') : '';
      if (!changing.test(action)) return false;
      changes += 1;
      return changes > survived;
    },
  });
  try {
    return await giveBack(scene, request);
  } finally {
    scene.emulator.traffic.clearFaults();
  }
};

/** A release that is broken off after so many changes, and the next one, which ends as one would. */
export const expectToGoOn = async (scene: Scene, survived: number): Promise<void> => {
  const before = await stateOf(scene);
  await scene.contain();
  const broken = await giveBackUntil(scene, survived);
  expect(broken.status).toBe('release-incomplete');
  expect(broken.done).toHaveLength(survived);
  expect(scene.subjects().at(-1)).toContain('NOT FULLY RELEASED');
  expect((await giveBack(scene)).status).toBe('released');
  expect(await stateOf(scene), `after ${survived} changes`).toEqual(before);
};
