import type { Action } from '../action.ts';
import { balancingInverses } from './give-back.ts';

/** The instance gets no traffic from any load balancer any more, and fails no health check. */
export const deregisterLoadBalancers = {
  name: 'deregister-load-balancers',
  phase: 'load-balancers',
  permissions: [
    'elasticloadbalancing:DeregisterTargets',
    'elasticloadbalancing:DeregisterInstancesFromLoadBalancer',
    'ec2:CreateTags',
  ],
  releasePermissions: [
    'elasticloadbalancing:RegisterTargets',
    'elasticloadbalancing:RegisterInstancesWithLoadBalancer',
  ],
  controls: ['targets'],
  inverses: balancingInverses,
} as const satisfies Action;
