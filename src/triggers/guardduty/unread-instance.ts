import { quoted } from '../../case/quoted.ts';
import type { UnreadInstance } from '../containment-request.ts';
import { isTypeOfHosts } from './host-types.ts';
import type { Finding } from './schema.ts';

/** Malware on the volumes of a host is told by the volumes alone where the workload is a container. */
const onVolumes = /^Execution:(?:ECS|Kubernetes|Container)\//;

/** Whether malware was found on volumes of a host that runs containers, by its type. */
export const isOfContainers = ({ type }: Finding): boolean => onVolumes.test(type ?? '');

/** The resources that a finding may have and that are no instance. */
const otherResources: ReadonlySet<string> = new Set([
  'AccessKey',
  'S3Bucket',
  'S3Object',
  'RDSDBInstance',
  'RDSLimitlessDB',
  'Lambda',
  'KubernetesCluster',
  'EBSSnapshot',
  'EC2Image',
  'RecoveryPoint',
  'AttackSequence',
]);

/** Resources whose `instanceDetails`, where they are present, are those of the host. */
export const instanceResources: ReadonlySet<string> = new Set([
  'Instance',
  'EKSCluster',
  'ECSCluster',
  'Container',
]);

export const isAboutHosts = ({ type }: Finding): boolean => isTypeOfHosts(type ?? '');

/** A resource that GuardDuty had not when this was written. */
export const isUnknownResource = ({ resource }: Finding): boolean =>
  typeof resource?.resourceType === 'string' &&
  !instanceResources.has(resource.resourceType) &&
  !otherResources.has(resource.resourceType);

const namesInstances = ({ service }: Finding): boolean =>
  (service?.detection?.sequence?.resources ?? []).some((one) =>
    /^EC2_INSTANCE$/.test(one?.resourceType ?? ''),
  );

/** How far into a finding clues are looked for, in characters, and how many are told. */
const longestLook = 200_000;
const mostClues = 10;

const clue = /\b(?:i-(?:[0-9a-f]{17}|[0-9a-f]{8})|vol-(?:[0-9a-f]{17}|[0-9a-f]{8}))\b/g;

/** Ids of instances and volumes anywhere in the finding: what a person can go on from. */
const cluesIn = (detail: unknown): readonly string[] => {
  const text = (JSON.stringify(detail) ?? '').slice(0, longestLook);
  return [...new Set(text.match(clue) ?? [])].slice(0, mostClues);
};

const whatIsMissing = (finding: Finding): string => {
  const { resource } = finding;
  const id = resource?.instanceDetails?.instanceId;
  if (typeof id === 'string') return `it names ${quoted(id, 80)}, which is no instance id`;
  if (resource === null || resource === undefined) return 'it names no resource';
  const type = resource.resourceType;
  return typeof type === 'string'
    ? `its resource is ${quoted(type, 80)}, without an instance id that can be read`
    : 'its resource has no type and no instance id';
};

/**
 * What is known of an instance that a finding is about and does not name in a form that can be read.
 * An absent datum is not an absent thing: undefined only where the finding is about something else.
 */
export const unreadInstance = (finding: Finding, detail: unknown): UnreadInstance | undefined => {
  const type = finding.type ?? '';
  const clues = cluesIn(detail);
  const concerns =
    isAboutHosts(finding) ||
    (onVolumes.test(type) && clues.length > 0) ||
    namesInstances(finding) ||
    (isUnknownResource(finding) &&
      typeof finding.resource?.instanceDetails?.instanceId === 'string');
  return concerns ? { why: whatIsMissing(finding), clues } : undefined;
};
