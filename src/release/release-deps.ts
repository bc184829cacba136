import type { Deps } from '../aws/clients.ts';

export type ReleaseDeps = Deps<
  'ec2' | 'autoScaling' | 'loadBalancing' | 'loadBalancingV2' | 'iam' | 'sns'
>;
