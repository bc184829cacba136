import type { EvidenceDeps, Progress } from '../collector.ts';
import type { EvidenceInput } from '../kind.ts';
import type { Origin } from './header.ts';
import type { Ways } from './ways.ts';

/** The stages in their order; each can be repeated after a crash. */
export const stageNames = [
  'make-blank',
  'make-volumes',
  'attach',
  'run',
  'follow-run',
  'detach',
  'snapshot',
  'lock',
  'hash',
  'follow-hash',
  'clean',
] as const;

export type StageName = (typeof stageNames)[number];

/** What one call leaves for the next. It goes through the state machine: never more than 8 KB. */
export interface Work {
  readonly stage: StageName;
  /** How often this stage has looked already. */
  readonly looks: number;
  readonly origin: Origin;
  readonly zone: string;
  readonly memoryMebibytes: number;
  /** What the toolkit's snapshot says that its tool hashes to; empty: its own list is enough. */
  readonly toolSha256: string;
  readonly blankSnapshotId?: string;
  readonly imageVolumeId?: string;
  readonly toolsVolumeId?: string;
  /** The names that EC2 was asked to attach them under. */
  readonly imageDevice?: string;
  readonly toolsDevice?: string;
  readonly commandId?: string;
  /** How often the document was sent. */
  readonly sendings?: number;
  /** When a volume was detached by force, ISO 8601. */
  readonly forcedAt?: string;
  /** What the host says of its image, in one line. */
  readonly claim?: string;
  /** When the volumes were off the instance, ISO 8601: what was taken of the image before is none of it. */
  readonly detachedAt?: string;
  readonly snapshotId?: string;
  /** How its snapshot is locked, in words. */
  readonly locked?: string;
  /** Why the snapshot could not be locked; it is hashed and judged all the same. */
  readonly unlocked?: string;
  readonly executionArn?: string;
  /** Why it ends as failed, once what it has made is put away. */
  readonly trouble?: string;
  /** True: the volume may hold a part of an image, so that it is kept. */
  readonly wrote?: boolean;
  /** The end, once only the volumes are to be deleted. */
  readonly verdict?: { readonly accepted: boolean; readonly sentence: string };
}

export type StageDeps = EvidenceDeps & { readonly ways: Ways };

export type Stage = (deps: StageDeps, input: EvidenceInput, work: Work) => Promise<Progress>;

/** On to a stage, at once. */
export const onTo = (stage: StageName, work: Work, sentence: string): Progress => ({
  outcome: 'waiting',
  sentence,
  waitSeconds: 1,
  state: { ...work, stage, looks: 0 },
});

/** The same stage again, after a while. */
export const lookAgain = (work: Work, waitSeconds: number, sentence: string): Progress => ({
  outcome: 'waiting',
  sentence,
  waitSeconds,
  state: { ...work, looks: work.looks + 1 },
});

/** How many looks come soon after each other, while most things end. */
const soon = 40;

/**
 * The seconds until the next look: few at first, many later. An execution keeps at most 25,000 events,
 * and a look costs nine (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html).
 */
export const pauseAfter = ({ looks }: Work, first: number, later: number): number =>
  looks < soon ? first : later;

/** The tags of everything that is made for an image; the last tells what it is. */
export const tagsOf = (
  { caseId, instanceId, nonce }: Origin,
  role: 'blank' | 'image' | 'tools',
): Readonly<Record<string, string>> => ({
  'cordon:case': caseId,
  'cordon:instance': instanceId,
  'cordon:memory': `${role} ${nonce.slice(0, 16)}`,
});
