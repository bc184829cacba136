/**
 * Kinds of interfaces whose flows with a host AWS tracks on its own, whatever the rules: interface
 * endpoints, Network Load Balancers (the host may be their client as well as their target), Global
 * Accelerator and Lambda functions
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html).
 * Named as EC2 names them.
 */
export const neighbourKinds = [
  'vpc_endpoint',
  'network_load_balancer',
  'global_accelerator_managed',
  'lambda',
] as const;

export type NeighbourKind = (typeof neighbourKinds)[number];

export const isNeighbourKind = (kind: string): kind is NeighbourKind =>
  neighbourKinds.some((one) => one === kind);

/** An interface of the VPC that the host could have talked with, or been talked to by. */
export interface Neighbour {
  readonly id: string;
  readonly kind: NeighbourKind;
}
