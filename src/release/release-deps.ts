import type { Deps } from '../aws/clients.ts';
import type { TrailWitnesses } from '../find-case.ts';

export type ReleaseDeps = Deps<
  'ec2' | 'autoScaling' | 'loadBalancing' | 'loadBalancingV2' | 'iam' | 'sns' | 'ssm'
> &
  TrailWitnesses;
