import { DescribeInstancesCommand, DescribeNetworkInterfacesCommand } from '@aws-sdk/client-ec2';
import { makeRunbookClients } from '../../src/lambda/runbook-clients.ts';
import type { Releasable } from '../../src/release/find-released.ts';
import { findReleasable } from '../../src/release/find-released.ts';
import type { ReleaseRequest } from '../../src/release/release.ts';
import { release, requireTrust } from '../../src/release/release.ts';
import type { ReleaseDeps } from '../../src/release/release-deps.ts';
import { planRelease } from '../../src/release/release-plan.ts';
import type { ReleaseResult } from '../../src/release/release-result.ts';
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
  requireTrust(releasable, request.trustTags);
  const plan = planRelease(releasable.knowledge, releasable.existing, request);
  return withDeps(scene, (deps) => release(deps, releasable, plan, request));
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
    interfaces: NetworkInterfaces.map(({ NetworkInterfaceId, Groups = [], Association }) => ({
      NetworkInterfaceId,
      groups: Groups.map(({ GroupId }) => GroupId).toSorted(),
      address: Association?.PublicIp,
    })),
  };
};

/** The world, without what a release leaves on purpose: Cordon's groups, the snapshots, the story. */
export const stateOf = async (scene: Scene) => {
  const { groups, snapshots, tagKeys, ...state } = await worldState(scene);
  return { ...state, ...(await described(scene)) };
};

/** A release of which every change after so many is refused. */
export const giveBackUntil = async (scene: Scene, survived: number) => {
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
    return await giveBack(scene);
  } finally {
    scene.emulator.traffic.clearFaults();
  }
};
