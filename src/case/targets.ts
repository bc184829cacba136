import type { Instance, TargetRegistration } from './before.ts';

/**
 * An address that matches in a target group of another VPC is this host only if the VPCs are
 * peered; else it is somebody else's healthy server. It is reported and left alone.
 */
export const isAmbiguousTarget = (
  registration: TargetRegistration,
  targetGroupVpcId: string,
  instance: Instance,
): boolean =>
  registration.targetId !== instance.id &&
  !instance.networkInterfaces.some(
    (one) =>
      one.vpcId === targetGroupVpcId &&
      [...one.privateAddresses, ...one.ipv6Addresses].includes(registration.targetId),
  );

/** Already on its way out: draining ends by itself. */
export const isLeaving = ({ state }: TargetRegistration): boolean => state === 'draining';
