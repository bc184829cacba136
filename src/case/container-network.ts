import type { Instance, NetworkInterface } from './before.ts';

/**
 * Whether a container network plugin made an interface, by the description that it gives: the
 * Amazon VPC CNI `aws-K8S-i-…`, its trunk and branch interfaces `aws-k8s-…`, Cilium `Cilium-CNI …`.
 * Such a plugin sets the groups of its interfaces anew, the VPC CNI every 30 seconds from those of
 * the primary interface
 * (https://github.com/aws/amazon-vpc-cni-k8s/blob/master/pkg/awsutils/awsutils.go, RefreshSGIDs).
 */
export const isCniDescription = (description: string): boolean =>
  /^(?:aws-K8S-|Cilium-CNI)/i.test(description);

/** The interfaces that a container network plugin manages, and trunks with their branches. */
export const cniInterfaces = ({
  networkInterfaces,
}: Pick<Instance, 'networkInterfaces'>): string[] =>
  networkInterfaces
    .filter(({ cniManaged, type }) => cniManaged === true || type === 'trunk' || type === 'branch')
    .map(({ id }) => id);

/** An interface of a pod or task on the host, which is not the host's own. */
export const isBranch = ({ type }: Pick<NetworkInterface, 'type'>): boolean => type === 'branch';
