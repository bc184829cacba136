/** One address range, prefix list or group that one rule of a security group lets through. */
export interface Rule {
  readonly direction: 'ingress' | 'egress';
  /** `-1` for all protocols, else `tcp`, `udp`, `icmp`, `icmpv6` or a number. */
  readonly protocol: string;
  readonly fromPort?: number;
  readonly toPort?: number;
  readonly peer: Peer;
}

export type Peer =
  | { readonly kind: 'ipv4'; readonly cidr: string }
  | { readonly kind: 'ipv6'; readonly cidr: string }
  | { readonly kind: 'prefix-list'; readonly id: string }
  | { readonly kind: 'group'; readonly id: string; readonly accountId?: string };

export interface SecurityGroup {
  readonly id: string;
  readonly name: string;
  readonly vpcId: string;
  readonly ownerId: string;
  readonly rules: readonly Rule[];
  /** The tag `cordon:role`, which only IAM policies look at. */
  readonly role?: string;
}

/** An address range, or the id of a list or group. */
export const describePeer = (peer: Peer): string => {
  switch (peer.kind) {
    case 'ipv4':
    case 'ipv6':
      return peer.cidr;
    case 'prefix-list':
    case 'group':
      return peer.id;
  }
};

/** `tcp 443`, `udp 8125-8126`, `all protocols`. */
export const describePorts = ({ protocol, fromPort, toPort }: Rule): string => {
  if (protocol === '-1') return 'all protocols';
  // For ICMP these are type and code (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_IpPermission.html).
  if (protocol.startsWith('icmp') || protocol === '1' || protocol === '58') {
    return fromPort === undefined || fromPort === -1 ? protocol : `${protocol} type ${fromPort}`;
  }
  if (fromPort === undefined) return `${protocol} all`;
  return fromPort === toPort ? `${protocol} ${fromPort}` : `${protocol} ${fromPort}-${toPort}`;
};

/** A rule as a person reads it, and as two rules are compared: `egress -1 all 0.0.0.0/0`. */
export const describeRule = (rule: Rule): string => {
  const ports =
    rule.fromPort === undefined || rule.protocol === '-1'
      ? 'all'
      : rule.fromPort === rule.toPort
        ? String(rule.fromPort)
        : `${rule.fromPort}-${rule.toPort}`;
  return `${rule.direction} ${rule.protocol} ${ports} ${describePeer(rule.peer)}`;
};

/** The rules of `these` that are not among `those`. */
export const rulesWithout = (these: readonly Rule[], those: readonly Rule[]): readonly Rule[] => {
  const known = new Set(those.map(describeRule));
  return these.filter((rule) => !known.has(describeRule(rule)));
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** By peer, protocol and port: AWS gives the rules of a group in an order that varies. */
export const inOrder = (rules: readonly Rule[]): readonly Rule[] =>
  rules.toSorted(
    (a, b) =>
      byText(a.direction, b.direction) ||
      byText(describePeer(a.peer), describePeer(b.peer)) ||
      byText(a.protocol, b.protocol) ||
      (a.fromPort ?? -1) - (b.fromPort ?? -1) ||
      (a.toPort ?? -1) - (b.toPort ?? -1),
  );
