import { randomBytes } from 'node:crypto';
import type { Instance, InstanceTypeInfo, Snapshot } from '@aws-sdk/client-ec2';
import {
  DescribeInstancesCommand,
  DescribeInstanceTypesCommand,
  DescribeSnapshotsCommand,
} from '@aws-sdk/client-ec2';
import type { Deps as AwsDeps } from '../../aws/clients.ts';
import { isUnavailable } from '../../aws/errors.ts';
import type { ManagedAgent } from '../../aws/managed-agent.ts';
import { profileOf } from '../../case/case.ts';
import { forensicPathUnder } from '../../case/forensic-path.ts';
import type { EvidenceInput, ForeseeClients } from '../kind.ts';
import { blankSize, bytesOf } from './volume-size.ts';
import type { Work } from './work.ts';

export const preconditionPermissions = [
  'ec2:DescribeInstances',
  'ec2:DescribeInstanceTypes',
  'ec2:DescribeSnapshots',
  'ssm:DescribeInstanceInformation',
] as const;

/** The tag of the toolkit's snapshot with the SHA-256 of its tool. */
const toolTag = 'cordon:tool-sha256';

type Deps = Pick<AwsDeps<ForeseeClients>, 'clients' | 'settings'>;

/** What the instance is like, as far as memory depends on it. */
interface Host {
  readonly instance: Instance;
  readonly type: InstanceTypeInfo;
  readonly toolkit: Snapshot | undefined;
}

const readToolkit = async ({ clients, settings }: Deps): Promise<Snapshot | undefined> => {
  try {
    const { Snapshots } = await clients.ec2.send(
      new DescribeSnapshotsCommand({ SnapshotIds: [settings.toolkitSnapshotId] }),
    );
    return Snapshots?.[0];
  } catch (error) {
    if (isUnavailable(error)) throw error;
    return undefined;
  }
};

const readHost = async (deps: Deps, instanceId: string): Promise<Host | undefined> => {
  const { clients } = deps;
  const { Reservations } = await clients.ec2.send(
    new DescribeInstancesCommand({ InstanceIds: [instanceId] }),
  );
  const instance = Reservations?.[0]?.Instances?.[0];
  if (instance?.InstanceType === undefined) return undefined;
  const { InstanceTypes } = await clients.ec2.send(
    new DescribeInstanceTypesCommand({ InstanceTypes: [instance.InstanceType] }),
  );
  const type = InstanceTypes?.[0];
  return type === undefined ? undefined : { instance, type, toolkit: await readToolkit(deps) };
};

/** Hibernation writes memory to the encrypted root volume, where it was switched on at the launch. */
const hibernation = ({ HibernationOptions }: Instance): string =>
  HibernationOptions?.Configured === true
    ? ', or hibernate the instance (aws ec2 stop-instances --hibernate), which writes its memory to its root volume'
    : '';

/**
 * Volumes that may still be attached; a type that shares its limit counts interfaces too
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/volume_limits.html).
 */
const roomFor = ({ instance, type }: Host): number => {
  const { EbsInfo, InstanceStorageInfo } = type;
  const volumes = instance.BlockDeviceMappings?.length ?? 0;
  const most = EbsInfo?.MaximumEbsAttachments ?? 28;
  if (EbsInfo?.AttachmentLimitType === 'dedicated') return most - volumes;
  const disks = (InstanceStorageInfo?.Disks ?? []).reduce((sum, { Count = 0 }) => sum + Count, 0);
  return most - volumes - (instance.NetworkInterfaces?.length ?? 1) - disks;
};

/** Why the image cannot be taken of such a host, and what can be done instead; undefined: it can. */
const unfitness = (host: Host): string | undefined => {
  const { instance, type, toolkit } = host;
  if (instance.State?.Name !== 'running') return 'The instance does not run: it has no memory.';
  if (instance.Operator?.Managed === true) {
    return `The instance is managed by ${instance.Operator.Principal ?? 'a service of AWS'}, which lets nobody attach volumes: ask that service.`;
  }
  if (instance.PlatformDetails?.startsWith('Windows') === true) {
    return `On Windows memory is not collected automatically: run WinPmem by hand${hibernation(instance)}.`;
  }
  if (instance.Architecture !== 'x86_64') {
    return `On ${instance.Architecture ?? 'an unknown architecture'} memory is not collected automatically: load a LiME module that was built for its kernel${hibernation(instance)}.`;
  }
  if (toolkit?.State !== 'completed') {
    return 'The snapshot ToolkitSnapshotId is not there or not completed: name one that this account can use.';
  }
  if (roomFor(host) < 2) {
    return `The instance has no room for two more volumes: detach what is no evidence${hibernation(instance)}.`;
  }
  return type.MemoryInfo?.SizeInMiB === undefined
    ? `EC2 does not say how much memory ${type.InstanceType} has.`
    : undefined;
};

/**
 * Under some profiles nothing of the isolated instance reaches Systems Manager, by design, though its
 * agent may count as online for minutes after the cut.
 */
const pathTrouble = ({ settings }: Deps, { case: theCase }: EvidenceInput): string | undefined => {
  if (theCase.memoryFirst !== undefined) return undefined;
  const path = forensicPathUnder(profileOf(theCase, settings), settings.egressAllowList.length > 0);
  if (path?.state !== 'missing') return undefined;
  return `Isolated so, the instance does not reach Systems Manager, and nothing can run on it (${path.sentence}).`;
};

type AgentOf = (instanceId: string) => Promise<ManagedAgent | undefined>;

const agentTrouble = async (agentOf: AgentOf, instance: Instance): Promise<string | undefined> => {
  const agent = await agentOf(instance.InstanceId ?? '');
  if (agent?.online === true) return undefined;
  const why =
    agent === undefined
      ? 'Systems Manager does not know the instance'
      : 'The agent of Systems Manager on the instance does not answer';
  return `${why}, so nothing can run on it: give its VPC the endpoints of Systems Manager and its profile the right to use them, or take memory by hand${hibernation(instance)}.`;
};

/** Memory can be collected, beginning so; or it cannot, and why. */
export type Readiness =
  | { readonly can: true; readonly work: Work }
  | { readonly can: false; readonly sentence: string };

/**
 * Whether memory can be collected from the instance, by what AWS says of it. Changes nothing, so
 * that a dry run says the same before any incident; what only the host knows, such as a kernel that
 * is locked down, the script finds out before it writes.
 */
export const readiness = async (
  deps: Deps,
  agentOf: AgentOf,
  input: EvidenceInput,
): Promise<Readiness> => {
  const { caseId, instanceId } = input.case;
  const host = await readHost(deps, instanceId);
  if (host === undefined) return { can: false, sentence: 'EC2 does not describe the instance.' };
  const sentence =
    unfitness(host) ?? pathTrouble(deps, input) ?? (await agentTrouble(agentOf, host.instance));
  if (sentence !== undefined) return { can: false, sentence };
  const memoryMebibytes = host.type.MemoryInfo?.SizeInMiB ?? 0;
  const volumeBytes = bytesOf(blankSize(memoryMebibytes));
  const nonce = randomBytes(32).toString('hex');
  const toolSha256 = host.toolkit?.Tags?.find(({ Key }) => Key === toolTag)?.Value ?? '';
  return {
    can: true,
    work: {
      stage: 'make-blank',
      looks: 0,
      origin: { caseId, instanceId, nonce, volumeBytes },
      zone: host.instance.Placement?.AvailabilityZone ?? '',
      memoryMebibytes,
      toolSha256: /^[0-9a-f]{64}$/.test(toolSha256) ? toolSha256 : '',
    },
  };
};
