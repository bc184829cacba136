import { contains } from './address.ts';
import type { Instance, TargetRegistration } from './before.ts';

/** Whether a target of this id is the instance: by its id, an address, or a delegated range. */
export const isTargetOf = (targetId: string, instance: Instance, vpcId?: string): boolean =>
  targetId === instance.id ||
  instance.networkInterfaces.some(
    (one) =>
      (vpcId === undefined || one.vpcId === vpcId) &&
      (one.privateAddresses.includes(targetId) ||
        one.ipv6Addresses.includes(targetId) ||
        (one.prefixes ?? []).some((prefix) => contains(prefix, targetId))),
  );

/**
 * An address that matches in a target group of another VPC is this host only if the VPCs are
 * peered; else it is somebody else's healthy server. It is reported and left alone.
 */
export const isAmbiguousTarget = (
  registration: TargetRegistration,
  targetGroupVpcId: string,
  instance: Instance,
): boolean => !isTargetOf(registration.targetId, instance, targetGroupVpcId);

/** Already on its way out: draining ends by itself. */
export const isLeaving = ({ state }: TargetRegistration): boolean => state === 'draining';
