import type {
  EC2Client,
  TrafficMirrorFilter,
  TrafficMirrorFilterRule,
  TrafficMirrorSession,
} from '@aws-sdk/client-ec2';
import {
  paginateDescribeTrafficMirrorFilters,
  paginateDescribeTrafficMirrorSessions,
} from '@aws-sdk/client-ec2';
import type { MirrorFilter, MirrorRule, MirrorSession } from '../case/traffic-mirror.ts';
import { filterLists, itemsPerPage, wholeList } from './pages.ts';

export const mirrorReadPermissions = [
  'ec2:DescribeTrafficMirrorFilters',
  'ec2:DescribeTrafficMirrorSessions',
] as const;

type Tagged = { readonly Tags?: readonly { Key?: string; Value?: string }[] | undefined };

const tagsOf = ({ Tags = [] }: Tagged): Readonly<Record<string, string>> =>
  Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value]));

export const toMirrorSession = (session: TrafficMirrorSession): MirrorSession => ({
  id: session.TrafficMirrorSessionId ?? '',
  interfaceId: session.NetworkInterfaceId ?? '',
  targetId: session.TrafficMirrorTargetId ?? '',
  filterId: session.TrafficMirrorFilterId ?? '',
  number: session.SessionNumber ?? 0,
  virtualNetworkId: session.VirtualNetworkId ?? 0,
  description: session.Description ?? '',
  tags: tagsOf(session as Tagged),
});

const toRule = (rule: TrafficMirrorFilterRule): MirrorRule => ({
  egress: rule.TrafficDirection === 'egress',
  number: rule.RuleNumber ?? 0,
  accepts: rule.RuleAction === 'accept',
  source: rule.SourceCidrBlock ?? '',
  destination: rule.DestinationCidrBlock ?? '',
  isNarrow:
    (rule.Protocol ?? 0) !== 0 ||
    rule.SourcePortRange !== undefined ||
    rule.DestinationPortRange !== undefined,
});

export const toMirrorFilter = (filter: TrafficMirrorFilter): MirrorFilter => ({
  id: filter.TrafficMirrorFilterId ?? '',
  rules: [...(filter.IngressFilterRules ?? []), ...(filter.EgressFilterRules ?? [])].map(toRule),
  services: filter.NetworkServices ?? [],
  tags: tagsOf(filter as Tagged),
});

/**
 * The sessions of these interfaces, or with one of these filters. In a shared VPC only those that this account
 * has made (https://docs.aws.amazon.com/vpc/latest/mirroring/traffic-mirroring-network-limitations.html).
 */
export const readMirrorSessions = async (
  client: EC2Client,
  by: 'network-interface-id' | 'traffic-mirror-filter-id',
  values: readonly string[],
): Promise<readonly MirrorSession[]> => {
  const found: TrafficMirrorSession[] = [];
  for (const Values of filterLists(values)) {
    const pages = paginateDescribeTrafficMirrorSessions(
      { client, pageSize: itemsPerPage },
      { Filters: [{ Name: by, Values }] },
    );
    for await (const { TrafficMirrorSessions } of pages) {
      found.push(...wholeList(TrafficMirrorSessions, 'traffic mirror sessions'));
    }
  }
  return found.map(toMirrorSession);
};

/** The filters with this description; EC2 has no filter by their tags. */
export const readMirrorFilters = async (
  client: EC2Client,
  description: string,
): Promise<readonly MirrorFilter[]> => {
  const found: TrafficMirrorFilter[] = [];
  const pages = paginateDescribeTrafficMirrorFilters(
    { client, pageSize: itemsPerPage },
    { Filters: [{ Name: 'description', Values: [description] }] },
  );
  for await (const { TrafficMirrorFilters } of pages) {
    found.push(...wholeList(TrafficMirrorFilters, 'traffic mirror filters'));
  }
  return found.map(toMirrorFilter);
};
