/** The tags are numbered: `cordon:before:elb:1`, `cordon:before:elb:2`, … */
export const beforeBalancerPrefix = 'cordon:before:elb:';

/** https://docs.aws.amazon.com/elasticloadbalancing/2012-06-01/APIReference/API_CreateLoadBalancer.html */
const namePattern = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,30}[A-Za-z0-9])?$/;

/** The name of a classic load balancer; undefined for a name that is none. */
export const writeBalancer = (name: string): string | undefined =>
  namePattern.test(name) ? name : undefined;

/** The name that the tag holds; undefined for a value of another form. */
export const readBalancer = (value: string): string | undefined => writeBalancer(value);
