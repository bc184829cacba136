import { defined } from '../../case/defined.ts';
import { UnintelligibleEventError } from '../../case/errors.ts';
import { complaintOf } from '../complaint.ts';
import type { ContainmentRequest, NamedInstance } from '../containment-request.ts';
import { isExfiltrationType, isTypeOfClusters, isTypeOfHosts } from '../guardduty/host-types.ts';
import { plausibleBeginning, plausibleMoment, regionSchema } from '../schema.ts';
import { sharedByTags } from '../shared-host.ts';
import { unreadableRequest } from '../unreadable-request.ts';
import { readAsff } from './asff.ts';
import type { HubFinding, HubResource } from './hub-finding.ts';
import { readOcsf } from './ocsf.ts';
import { eventSchema } from './schema.ts';

export const imported = 'Security Hub Findings - Imported';
export const customAction = 'Security Hub Findings - Custom Action';
export const importedV2 = 'Findings Imported V2';

const isInstance = ({ type }: HubResource): boolean =>
  type === 'AwsEc2Instance' || type === 'AWS::EC2::Instance';

/** Resources beside an instance that say that it runs the workloads of others. */
const isWorkload = ({ type }: HubResource): boolean =>
  /^(?:Container|AwsEks|AwsEcs|AWS::EKS::|AWS::ECS::|AwsKubernetes)/.test(type);

const instanceInId = /(?:^|instance\/)(i-(?:[0-9a-f]{17}|[0-9a-f]{8}))$/;

interface Envelope {
  readonly account?: string | null | undefined;
  readonly region?: string | null | undefined;
}

/**
 * Where the instance is: as its ARN says, then the finding, then the event. The Region of the event is
 * that of the account's aggregation, which need not be the instance's.
 */
const placeOf = (
  { id, region }: HubResource,
  finding: HubFinding,
  envelope: Envelope,
): Pick<NamedInstance, 'accountId' | 'region'> => {
  const parts = id.startsWith('arn:') ? id.split(':') : [];
  const accountId = parts.find((part) => /^\d{12}$/.test(part));
  const inArn = parts.find((part) => regionSchema.safeParse(part).success);
  const own = (said: string | null | undefined, otherwise: string | null | undefined) =>
    (said === undefined ? otherwise : said) ?? undefined;
  return defined({
    accountId: accountId ?? own(finding.accountId, envelope.account),
    region: region ?? inArn ?? own(finding.region, envelope.region),
  });
};

const instancesOf = (finding: HubFinding, envelope: Envelope): readonly NamedInstance[] => {
  const workload = finding.resources.find(isWorkload)?.type;
  const cluster = isTypeOfClusters(finding.type) ? 'a cluster' : undefined;
  const shared = workload ?? cluster;
  const found = new Map<string, NamedInstance>();
  for (const resource of finding.resources.filter(isInstance)) {
    const instanceId = instanceInId.exec(resource.id)?.[1];
    if (instanceId === undefined) continue;
    const sharedHost =
      shared === undefined
        ? sharedByTags(resource.tags)
        : { reason: `the finding names ${shared} too`, forgeable: false };
    found.set(instanceId, {
      instanceId,
      ...placeOf(resource, finding, envelope),
      tags: resource.tags,
      ...defined({ sharedHost }),
    });
  }
  return [...found.values()];
};

/** A host that takes part in a finding about something else is not contained for it. */
const isAboutSomethingElse = ({ fromGuardduty, type }: HubFinding): boolean =>
  fromGuardduty && !isTypeOfHosts(type) && !isTypeOfClusters(type);

const dismissalOf = (finding: HubFinding, isOrder: boolean): string | undefined => {
  // A person who orders a containment has seen who noted what in the finding.
  if (!isOrder && finding.dismissal !== undefined) return finding.dismissal;
  if (!finding.isThreat) return 'The finding is about a configuration, and tells of no threat.';
  return isAboutSomethingElse(finding)
    ? 'The finding is about something else than the instance.'
    : undefined;
};

const unreadOf = (
  finding: HubFinding,
  isOrder: boolean,
  instances: readonly NamedInstance[],
): ContainmentRequest['unread'] => {
  if (isOrder && instances.length === 0) return { why: 'it names no EC2 instance', clues: [] };
  const named = finding.resources.filter(isInstance);
  if (named.length === instances.length || !finding.isThreat) return undefined;
  return named.some(({ id }) => !instanceInId.test(id))
    ? { why: 'the id of its instance cannot be read', clues: [] }
    : undefined;
};

const requestFor = (
  finding: HubFinding,
  isOrder: boolean,
  envelope: Envelope & { readonly time?: string | null | undefined },
  now: Date,
): ContainmentRequest => {
  const { id, type, severity, sample, archived } = finding;
  const instances = instancesOf(finding, envelope);
  const at = plausibleMoment([...finding.at, envelope.time], now);
  return {
    trigger: {
      source: 'security-hub',
      id,
      type,
      severity,
      at,
      ...defined({ since: plausibleBeginning(finding.since, at), hub: finding.hub }),
    },
    subject: {
      source: 'security-hub',
      type,
      severity,
      sample,
      archived,
      ...defined({
        dismissal: dismissalOf(finding, isOrder),
        resourceRole: finding.resourceRole,
        isOrder: isOrder || undefined,
        exfiltration: isExfiltrationType(type) || undefined,
      }),
    },
    instances,
    ...defined({ unread: unreadOf(finding, isOrder, instances) }),
    dryRun: false,
  };
};

/**
 * An event of Security Hub, in either format: one request per finding in it.
 *
 * @throws UnintelligibleEventError when the event is no object of theirs.
 */
export const parseSecurityHubEvent = (event: unknown, now: Date): readonly ContainmentRequest[] => {
  const parsed = eventSchema.safeParse(event, { reportInput: true });
  if (!parsed.success) {
    throw new UnintelligibleEventError(
      `The Security Hub event cannot be read (${complaintOf(parsed.error)}).`,
    );
  }
  const { detail, ...envelope } = parsed.data;
  const type = envelope['detail-type'];
  const read = type === importedV2 ? readOcsf : readAsff;
  if (!Array.isArray(detail?.findings)) {
    throw new UnintelligibleEventError('The Security Hub event has no list of findings.');
  }
  return detail.findings.map((value) => {
    const finding = read(value);
    return finding === undefined
      ? unreadableRequest('security-hub', 'a finding in its event is no object', now)
      : requestFor(finding, type === customAction, envelope, now);
  });
};
