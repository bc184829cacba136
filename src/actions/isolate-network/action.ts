import type { Action } from '../action.ts';
import { networkInverses } from './give-back.ts';

/** Every interface is moved to the isolation group of its own VPC. */
export const isolateNetwork = {
  name: 'isolate-network',
  phase: 'network',
  permissions: ['ec2:ModifyNetworkInterfaceAttribute'],
  releasePermissions: ['ec2:ModifyNetworkInterfaceAttribute'],
  controls: ['eni-groups', 'group-rules'],
  inverses: networkInverses,
} as const satisfies Action;
