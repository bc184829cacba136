import { movableInterfaces } from '../../case/before.ts';
import type { EvidenceInput, EvidenceKind } from '../kind.ts';

/** Interfaces that can be mirrored, and those in IPv6-only subnets, which AWS does not mirror. */
export const mirrorable = ({ before }: Pick<EvidenceInput, 'before'>) => {
  const all = movableInterfaces(before.instance);
  return {
    interfaces: all.filter(({ privateAddresses }) => privateAddresses.length > 0),
    withoutIpv4: all.filter(({ privateAddresses }) => privateAddresses.length === 0),
  };
};

/** https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-network-limitations.html */
export const ipv6OnlyWords = (ids: readonly string[]): string =>
  `AWS mirrors no traffic of IPv6-only subnets (${ids.join(', ')})`;

export const trafficMirrorKind: EvidenceKind = {
  name: 'traffic-mirror',
  what: 'mirrored traffic',
  isOptedInto: ({ mirrorTargetId }) => mirrorTargetId !== '',
  foresee: async ({ settings: { mirrorTargetId } }, input) => {
    const { interfaces, withoutIpv4 } = mirrorable(input);
    if (interfaces.length === 0) {
      const ids = withoutIpv4.map(({ id }) => id);
      const sentence = ids.length === 0 ? 'No interface can be mirrored' : ipv6OnlyWords(ids);
      return { can: false, sentence: `${sentence}.` };
    }
    const ids = interfaces.map(({ id }) => id).join(', ');
    const type = input.before.instance.instanceType ?? 'this instance type';
    return {
      can: true,
      sentence: `The traffic of ${ids} is mirrored to ${mirrorTargetId} until the release, where AWS allows it for ${type}.`,
    };
  },
};
