import type { EC2Client, Instance } from '@aws-sdk/client-ec2';
import { readInstancesBy } from '../../aws/instances.ts';
import { AnalysisRefusedError, InstanceNotFoundError } from '../../case/errors.ts';
import { isCordonGroupName } from '../../case/isolation-group.ts';
import type { EvidenceCase } from '../../record/evidence-store/keys.ts';
import { caseTag, statusTag } from '../../record/trail/keys.ts';

/** The instance on which a copy is analysed. */
export interface Examiner {
  readonly instanceId: string;
  readonly zone: string;
  readonly isWindows: boolean;
  readonly rootDevice: string;
  /** The device names that are taken. */
  readonly devices: readonly string[];
}

/** What the trail says when a case is over. */
const endedStatuses = ['released', 'closed'];

const isInCordonsGroup = ({ NetworkInterfaces = [] }: Instance): boolean =>
  NetworkInterfaces.some(({ Groups = [] }) =>
    Groups.some(({ GroupName = '' }) => isCordonGroupName(GroupName)),
  );

const hasOpenCase = (instance: Instance): boolean => {
  const tagOf = (key: string) => instance.Tags?.find(({ Key }) => Key === key)?.Value;
  const status = tagOf(statusTag);
  const named = tagOf(caseTag) !== undefined || status !== undefined;
  // The groups count whatever the tags say: who holds the instance can have written these.
  return isInCordonsGroup(instance) || (named && !endedStatuses.includes(status ?? ''));
};

/** Why nothing is attached to this instance; undefined where nothing speaks against it. */
export const whyUnfit = (instance: Instance, contained: string): string | undefined => {
  const { InstanceId: id = '', State, Operator } = instance;
  if (id === contained) return `${id} is the contained instance itself: name another one`;
  if (hasOpenCase(instance)) {
    return `${id} has a case of its own that is not released: name an instance that nobody suspects`;
  }
  if (Operator?.Managed === true) return `${id} is managed by an AWS service: name one of your own`;
  // One that starts with the copy of a root volume attached may boot from it.
  return State?.Name === 'running'
    ? undefined
    : `${id} is ${State?.Name ?? 'in no known state'}: start it first, because an instance that starts with the copy attached may boot from it`;
};

/**
 * The examiner's instance, whose zone is where the volume has to be.
 *
 * @throws InstanceNotFoundError where this account and Region has no such instance.
 * @throws AnalysisRefusedError where nothing may be attached to it.
 */
export const readExaminer = async (
  ec2: EC2Client,
  instanceId: string,
  { instanceId: contained, region }: EvidenceCase,
): Promise<Examiner> => {
  const [found] = await readInstancesBy(ec2, { Name: 'instance-id', Values: [instanceId] });
  if (found === undefined) {
    throw new InstanceNotFoundError(
      `The instance ${instanceId} does not exist in this account and in ${region}, where the snapshots are: name one there, or copy the snapshot to where the instance is.`,
    );
  }
  const unfit = whyUnfit(found, contained);
  if (unfit !== undefined) throw new AnalysisRefusedError(`Nothing was attached: ${unfit}.`);
  return {
    instanceId,
    zone: found.Placement?.AvailabilityZone ?? '',
    isWindows: found.Platform?.toLowerCase() === 'windows',
    rootDevice: found.RootDeviceName ?? '',
    devices: (found.BlockDeviceMappings ?? []).flatMap(({ DeviceName }) => DeviceName ?? []),
  };
};
