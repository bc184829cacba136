import { DescribeVolumesCommand } from '@aws-sdk/client-ec2';
import type { Deps } from '../aws/clients.ts';
import { giveUpAfter } from '../aws/deadline.ts';
import { inWords } from '../aws/errors.ts';
import type { ContainmentRequest, NamedInstance } from '../triggers/containment-request.ts';
import { reasonToSkip } from '../triggers/policy.ts';

export const attachmentPermissions = ['ec2:DescribeVolumes'] as const;

/** How long the attachments of volumes are waited for, in milliseconds. */
const patience = 3_000;

/** GuardDuty scans a few volumes of a host; more than this are of no single one. */
const mostVolumes = 50;

interface Place {
  readonly region: string;
  readonly accountId: string;
}

/** `arn:aws:ec2:<Region>:<account>:volume/vol-…`, of this account and Region. */
const idOf = (arn: string, { region, accountId }: Place): readonly string[] => {
  const [, , service, ofRegion, ofAccount, name = ''] = arn.split(':');
  const id = /^volume\/(vol-(?:[0-9a-f]{17}|[0-9a-f]{8}))$/.exec(name)?.[1];
  const isHere = service === 'ec2' && ofRegion === region && ofAccount === accountId;
  return isHere && id !== undefined ? [id] : [];
};

const containers = {
  reason: 'the finding is about containers on its volumes',
  forgeable: false,
} as const;

/**
 * A malware finding may name the volumes alone; the host is what they are attached to
 * (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeVolumes.html). Volumes that are
 * attached to nothing any more, or cannot be read, leave the finding as it is: people are told of it.
 */
export const withAttachedInstances = async (
  { clients, clock, log, settings }: Deps<'ec2'>,
  place: Place,
  request: ContainmentRequest,
): Promise<ContainmentRequest> => {
  const { volumes, subject } = request;
  const ids = (volumes?.arns ?? []).flatMap((arn) => idOf(arn, place)).slice(0, mostVolumes);
  if (ids.length === 0 || reasonToSkip(subject, settings) !== undefined) return request;
  try {
    const { Volumes = [] } = await giveUpAfter(clock, patience, () =>
      clients.ec2.send(
        new DescribeVolumesCommand({ VolumeIds: ids, IncludeManagedResources: true }),
      ),
    );
    const attached = new Set(
      Volumes.flatMap(({ Attachments = [] }) =>
        Attachments.flatMap(({ InstanceId, State }) =>
          InstanceId === undefined || State === 'detached' ? [] : [InstanceId],
        ),
      ),
    );
    const instances = [...attached].map(
      (instanceId): NamedInstance => ({
        instanceId,
        tags: {},
        ...(volumes?.ofContainers === true ? { sharedHost: containers } : {}),
      }),
    );
    if (instances.length === 0) return request;
    const { unread: _unread, ...read } = request;
    return { ...read, instances };
  } catch (error) {
    log.error('the volumes of a finding could not be read', { error: inWords(error) });
    return request;
  }
};
