import { defined } from '../../case/defined.ts';
import type { NamedInstance } from '../containment-request.ts';
import { instanceIdSchema } from '../schema.ts';
import { sharedByTags } from '../shared-host.ts';
import { isExfiltrationType, isTypeOfClusters } from './host-types.ts';
import type { Finding } from './schema.ts';
import { instanceResources, isAboutHosts, isUnknownResource } from './unread-instance.ts';

const instanceInText = /\bi-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/;

/** Where EventBridge says that the event comes from. */
export interface Envelope {
  readonly account?: string | null | undefined;
  readonly region?: string | null | undefined;
}

interface Place {
  readonly accountId?: string | null | undefined;
  readonly region?: string | null | undefined;
}

/**
 * Where the finding says that its resource is. The envelope counts only where the finding says
 * nothing: in the account of an administrator it names that account
 * (https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html). What is
 * said and cannot be read (null) is not replaced.
 */
export const placeOf = (
  resource: Place,
  finding: Finding,
  envelope: Envelope,
): Pick<NamedInstance, 'accountId' | 'region'> => {
  const first = (...values: readonly (string | null | undefined)[]): string | undefined =>
    values.find((value) => value !== undefined) ?? undefined;
  const accountId = first(resource.accountId, finding.accountId, envelope.account);
  const region = first(resource.region, finding.region, envelope.region);
  return defined({ accountId, region });
};

type Tags = NonNullable<NonNullable<Finding['resource']>['instanceDetails']>['tags'];

const tagsOf = (tags: Tags): NamedInstance['tags'] =>
  Object.fromEntries(
    (tags ?? []).flatMap((tag) => (tag === null ? [] : [[tag.key, tag.value ?? '']])),
  );

type SequenceResource = NonNullable<
  NonNullable<NonNullable<NonNullable<Finding['service']>['detection']>['sequence']>['resources']
>[number];

const resourcesOf = ({ service }: Finding): readonly SequenceResource[] =>
  service?.detection?.sequence?.resources ?? [];

/** Instances that a group of a sequence lists: an Auto Scaling group, an image, a profile. */
const uidsInGroup = (resource: SequenceResource): readonly string[] =>
  Object.values(resource?.data ?? {}).flatMap((data) =>
    (data?.ec2InstanceUids ?? []).flatMap((uid) => (uid === null ? [] : [uid])),
  );

/** The Auto Scaling group that lists its instances in a sequence. */
const groupOf = (resource: SequenceResource): string | undefined =>
  resource?.resourceType === 'AUTOSCALING_AUTO_SCALING_GROUP'
    ? (resource.name ?? undefined)
    : undefined;

/** Instances of an attack sequence: their ids stand in the `uid`, plain or inside an ARN. */
const inSequence = (finding: Finding, envelope: Envelope): readonly NamedInstance[] => {
  const found = new Map<string, NamedInstance>();
  const shared = isTypeOfClusters(finding.type ?? '')
    ? { reason: 'the sequence is about a cluster', forgeable: false }
    : undefined;
  const add = (uid: string, resource: SequenceResource, tags: NamedInstance['tags']): void => {
    const instanceId = instanceInText.exec(uid)?.[0];
    if (instanceId === undefined || found.has(instanceId)) return;
    found.set(instanceId, {
      instanceId,
      ...placeOf(resource ?? {}, finding, envelope),
      tags,
      ...defined({ sharedHost: shared ?? sharedByTags(tags), autoScalingGroup: groupOf(resource) }),
    });
  };
  for (const one of resourcesOf(finding)) {
    if (one?.resourceType === 'EC2_INSTANCE') add(one.uid ?? '', one, tagsOf(one.tags));
  }
  for (const one of resourcesOf(finding)) for (const uid of uidsInGroup(one)) add(uid, one, {});
  return [...found.values()];
};

/** What the compromised instances of a sequence have in common, as the sequence names it. */
export const commonCauseOf = (finding: Finding): string | undefined => {
  const causes = resourcesOf(finding)
    .filter((one) => uidsInGroup(one).length > 1)
    .map((one) => `${one?.resourceType ?? 'a group'} ${one?.name ?? one?.uid ?? ''}`.trim());
  return causes.length === 0 ? undefined : causes.slice(0, 3).join(', ');
};

/** Resources of a sequence that are instances and whose `uid` says nothing. */
export const lacksInstance = (finding: Finding, instances: readonly NamedInstance[]): boolean => {
  const wanted = resourcesOf(finding).filter((one) => one?.resourceType === 'EC2_INSTANCE');
  return instances.length === 0 || wanted.some((one) => !instanceInText.test(one?.uid ?? ''));
};

/** Details of an instance are about the finding only where its resource, or its type, is a host. */
const hasOwnInstance = (finding: Finding): boolean =>
  instanceResources.has(finding.resource?.resourceType ?? 'Instance') ||
  (isUnknownResource(finding) && isAboutHosts(finding));

const onSharedResource = /^(?:Container|EKSCluster|ECSCluster)$/;

/** The session of credentials that left an instance is named after the instance. */
const credentialsOfInstance = (finding: Finding, envelope: Envelope): readonly NamedInstance[] => {
  const principal = finding.resource?.accessKeyDetails?.principalId ?? '';
  const instanceId = instanceIdSchema.safeParse(principal.split(':').at(-1));
  return isExfiltrationType(finding.type ?? '') && instanceId.success
    ? [{ instanceId: instanceId.data, ...placeOf({}, finding, envelope), tags: {} }]
    : [];
};

/** The instances that a finding is about, with what it says of them. */
export const instancesOf = (finding: Finding, envelope: Envelope): readonly NamedInstance[] => {
  const { resource } = finding;
  const instanceId = instanceIdSchema.safeParse(resource?.instanceDetails?.instanceId);
  if (!hasOwnInstance(finding) || !instanceId.success) {
    const inSteps = inSequence(finding, envelope);
    return inSteps.length > 0 ? inSteps : credentialsOfInstance(finding, envelope);
  }
  const tags = tagsOf(resource?.instanceDetails?.tags);
  const kind = resource?.resourceType ?? '';
  const sharedHost = onSharedResource.test(kind)
    ? // Whoever owns the host can run a container on it, but makes it no node of a cluster.
      { reason: `the finding is about its ${kind}`, forgeable: kind === 'Container' }
    : sharedByTags(tags);
  return [
    {
      instanceId: instanceId.data,
      ...placeOf({}, finding, envelope),
      tags,
      ...defined({ sharedHost }),
    },
  ];
};
