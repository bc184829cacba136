import {
  AssociateIamInstanceProfileCommand,
  ModifyInstanceAttributeCommand,
  ModifyNetworkInterfaceAttributeCommand,
} from '@aws-sdk/client-ec2';
import type { Emulator } from '../emulator.ts';
import type { SampleTargetGroups } from './sample-balancers.ts';
import { createClassic, createTargetGroups, register } from './sample-balancers.ts';
import { createGroup, createProfile, groupName } from './sample-group.ts';
import { attachInterface, attachVolume, giveAddress, primaryInterface } from './sample-hardware.ts';
import type { SampleNetwork, WorldKind } from './sample-network.ts';
import { buildNetwork } from './sample-network.ts';
import type { WorldClients } from './world-clients.ts';

/** The world of the drill: a public web server, one of two behind a load balancer, is suspect. */
export interface SampleWorld extends SampleNetwork {
  readonly suspectId: string;
  readonly healthyId: string;
  readonly autoScalingGroupName: string;
  readonly targetGroupArns: SampleTargetGroups;
  readonly classicLoadBalancerName: string;
}

export interface WorldOptions {
  /** How many network interfaces the suspect has, at least 1. Default 2. */
  readonly interfaces?: number;
  /** Default `public`. */
  readonly kind?: WorldKind;
}

/** The suspect's own group, profile, and way to shut down. */
const alterSuspect = async (
  { ec2 }: WorldClients,
  { webGroupId }: SampleNetwork,
  suspectId: string,
  primary: string,
  profileName: string,
): Promise<void> => {
  await ec2.send(
    new ModifyNetworkInterfaceAttributeCommand({
      NetworkInterfaceId: primary,
      Groups: [webGroupId],
    }),
  );
  await ec2.send(
    new AssociateIamInstanceProfileCommand({
      InstanceId: suspectId,
      IamInstanceProfile: { Name: profileName },
    }),
  );
  await ec2.send(
    new ModifyInstanceAttributeCommand({
      InstanceId: suspectId,
      InstanceInitiatedShutdownBehavior: { Value: 'terminate' },
    }),
  );
};

/** Builds the whole world; the second instance of the group must be left alone by everything. */
export const buildSampleWorld = async (
  emulator: Emulator,
  clients: WorldClients,
  { interfaces = 2, kind = 'public' }: WorldOptions = {},
): Promise<SampleWorld> => {
  const network = await buildNetwork(clients, emulator.region, kind);
  const profileName = await createProfile(emulator);
  const targetGroupArns = await createTargetGroups(clients, network);
  const [suspectId, healthyId] = await createGroup(
    clients,
    network,
    profileName,
    targetGroupArns.web,
  );
  const primary = await primaryInterface(clients, suspectId);
  await alterSuspect(clients, network, suspectId, primary, profileName);
  const attached: { address: string }[] = [];
  for (let index = 1; index < interfaces; index += 1) {
    attached.push(await attachInterface(clients, network, suspectId, index));
  }
  if (kind === 'public') await giveAddress(clients, primary);
  await attachVolume(clients, emulator.region, suspectId, '/dev/sdf');
  await attachVolume(clients, emulator.region, suspectId, '/dev/sdg');
  const both = [suspectId, healthyId];
  await register(clients, targetGroupArns, both, attached[0]?.address);
  return {
    ...network,
    suspectId,
    healthyId,
    autoScalingGroupName: groupName,
    targetGroupArns,
    classicLoadBalancerName: await createClassic(clients, network, both),
  };
};
