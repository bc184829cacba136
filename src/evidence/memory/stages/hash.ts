import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { codeOf } from '../../../aws/errors.ts';
import { executionArnOf } from '../../../aws/executions.ts';
import { listBlocks, readBlock } from '../../../aws/snapshot-blocks.ts';
import { EvidenceNotCollectedError } from '../../../case/errors.ts';
import type { NewPiece } from '../../../record/evidence-store/piece.ts';
import type { EvidenceInput } from '../../kind.ts';
import { blockBytes } from '../block.ts';
import { imageBlocks } from '../content.ts';
import type { Header } from '../header.ts';
import { isOf, readHeader } from '../header.ts';
import type { ImageJudgement } from '../judge-image.ts';
import { judgeImage } from '../judge-image.ts';
import type { Sum } from '../read-segment.ts';
import { readSum } from '../read-segment.ts';
import { blocksPerSegment, segmentsOf } from '../segments.ts';
import { treeHashMethod } from '../tree-hash.ts';
import type { Stage, StageDeps, Work } from '../work.ts';
import { lookAgain, onTo, pauseAfter } from '../work.ts';

/** More would not fit into the input of an execution, which takes 256 KB. */
const mostSegments = 2_000;

/** A day, in looks of half a minute at first and of five minutes then. */
const mostLooks = 325;

const blocksOf = ({ origin }: Work): number => origin.volumeBytes / blockBytes;

/** The header as it lies in the snapshot; undefined where it is none of this volume. */
const headerOf = async ({ ways }: StageDeps, work: Work): Promise<Header | undefined> => {
  const snapshotId = work.snapshotId ?? '';
  const token = (await listBlocks(ways.ebs, snapshotId, { from: 0, to: 1 })).get(0);
  if (token === undefined) return undefined;
  return readHeader(await readBlock(ways.ebs, snapshotId, 0, token));
};

/** The image takes what its header says; one that is not complete may lie anywhere on the volume. */
const imageOf = (work: Work, header: Header | undefined) => {
  const whole = { from: 1, to: blocksOf(work) };
  if (header?.length === undefined || !isOf(header, work.origin)) return whole;
  const { from, to } = imageBlocks(header.length);
  return to > whole.to ? whole : { from, to };
};

/** Starts the machine that reads all blocks; a repeated call finds it by its name. */
export const hash: Stage = async (deps, { case: theCase }, work) => {
  const { ways } = deps;
  const name = `${work.snapshotId}-${work.origin.nonce.slice(0, 16)}`;
  const { accountId, region, instanceId, caseId } = theCase;
  const longest = Math.max(blocksPerSegment, Math.ceil(blocksOf(work) / mostSegments));
  const input = JSON.stringify({
    case: { accountId, region, instanceId, caseId },
    snapshotId: work.snapshotId,
    image: imageOf(work, await headerOf(deps, work)),
    segments: segmentsOf(blocksOf(work), longest),
  });
  try {
    const asked = { stateMachineArn: ways.hashMachineArn, name, input };
    await ways.stepFunctions.send(new StartExecutionCommand(asked));
  } catch (error) {
    if (codeOf(error) !== 'ExecutionAlreadyExists') throw error;
  }
  const executionArn = executionArnOf(ways.hashMachineArn, name);
  return onTo('follow-hash', { ...work, executionArn }, 'The blocks of the image are read.');
};

const pieceOf = (work: Work, sum: Sum | undefined, judgement: ImageJudgement): NewPiece => {
  const forced =
    work.forcedAt === undefined ? '' : ` Its volume was detached by force at ${work.forcedAt}.`;
  const locked = work.locked === undefined ? '' : ` The snapshot is ${work.locked}.`;
  const unlocked = work.unlocked === undefined ? '' : ` NOT LOCKED: ${work.unlocked}`;
  return {
    collector: 'memory',
    name: work.snapshotId ?? '',
    what: `Memory of ${work.origin.instanceId}, on the blocks of a volume behind a header`,
    how: `ssm:SendCommand ${work.commandId} wrote it, ec2:CreateSnapshot of ${work.imageVolumeId}`,
    resource: work.snapshotId,
    bytes: work.origin.volumeBytes,
    ...(sum === undefined ? {} : { sha256: sum.sha256, method: treeHashMethod }),
    claimed: work.claim ?? 'The host says nothing of it.',
    verdict: judgement.accepted ? 'accepted' : 'rejected',
    note: `${judgement.sentence}${forced}${locked}${unlocked}`,
  };
};

/** Writes down what there is, before anything is deleted. */
const conclude = async (
  deps: StageDeps,
  { case: { caseId } }: EvidenceInput,
  work: Work,
  sum: Sum,
) => {
  const header = await headerOf(deps, work);
  const { origin, memoryMebibytes } = work;
  const judgement = judgeImage({ origin, header, content: sum, memoryMebibytes });
  await deps.store.note(pieceOf(work, sum, judgement));
  deps.log.info('an image of memory was judged', { caseId, ...judgement, ...sum });
  const sentence = `${judgement.sentence} It lies in ${work.snapshotId}, SHA-256 of its blocks ${sum.sha256.slice(0, 16)}….${work.unlocked === undefined ? '' : ` NOT LOCKED: ${work.unlocked}`}`;
  return onTo('clean', { ...work, verdict: { ...judgement, sentence } }, sentence);
};

/** Waits for the machine, and judges the image by what it saw. */
export const followHash: Stage = async (deps, input, work) => {
  const { status, output, cause } = await deps.ways.stepFunctions.send(
    new DescribeExecutionCommand({ executionArn: work.executionArn }),
  );
  if (status === 'RUNNING' || status === 'PENDING_REDRIVE') {
    if (work.looks < mostLooks)
      return lookAgain(work, pauseAfter(work, 30, 300), 'The blocks of the image are read.');
  }
  const sum = status === 'SUCCEEDED' ? readSum(output) : undefined;
  if (sum !== undefined) return conclude(deps, input, work, sum);
  const unread = { accepted: false, sentence: 'Its blocks could not be read: it was not judged.' };
  await deps.store.note(pieceOf(work, undefined, unread));
  throw new EvidenceNotCollectedError(
    `The image lies in ${work.snapshotId}, but its blocks could not be read (${status} ${cause ?? ''}): hash it by hand.`,
  );
};
