import { deregisterLoadBalancersFunction } from '../src/functions/deregister-load-balancers.ts';
import { functionHandler } from '../src/lambda/function-handler.ts';

export const handler = functionHandler(deregisterLoadBalancersFunction);
