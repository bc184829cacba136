import { recordsFolder } from '../../case/flow-log.ts';
import type { EvidenceDeps } from '../collector.ts';
import type { EvidenceInput } from '../kind.ts';
import type { FlowRecord } from './record.ts';
import { readDelivered } from './record.ts';

/** So many files are read at once. */
const width = 5;

/** In half an hour AWS delivers a dozen; a flood of them would not fit into the time of a function. */
const mostFiles = 200;

/** What has been delivered of a case until now. */
export interface DeliveredRecords {
  readonly records: readonly FlowRecord[];
  readonly keys: readonly string[];
  readonly unreadable: number;
  /** Files that were left out, because there are too many. */
  readonly leftOut: number;
}

/**
 * `<account>_vpcflowlogs_<Region>_<flow log>_<time>_<hash>.log.gz`
 * (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html); the latest first.
 */
const filePattern = /_vpcflowlogs_[a-z0-9-]+_(fl-[0-9a-f]+)_\d{8}T\d{4}Z_[^/]+\.log\.gz$/;

/** The files of these flow logs: others in the folder are of somebody who may write there. */
const filesIn = (keys: readonly string[], flowLogIds: ReadonlySet<string>): readonly string[] =>
  keys.filter((key) => flowLogIds.has(filePattern.exec(key)?.[1] ?? '')).toReversed();

/** The flow logs of the case that are on record. */
const notedFlowLogs = async ({
  store,
}: Pick<EvidenceDeps, 'store'>): Promise<ReadonlySet<string>> => {
  const pieces = await store.pieces();
  return new Set(
    pieces.flatMap(({ collector, resource }) =>
      collector === 'flow-logs' && resource !== undefined ? [resource] : [],
    ),
  );
};

/** Every record of the case's own flow logs that lies in the store. */
export const readDeliveredRecords = async (
  { store }: Pick<EvidenceDeps, 'store'>,
  { case: theCase }: Pick<EvidenceInput, 'case'>,
): Promise<DeliveredRecords> => {
  const noted = await notedFlowLogs({ store });
  const all = filesIn(await store.delivered(recordsFolder(theCase)), noted);
  const keys = all.slice(0, mostFiles);
  const records: FlowRecord[] = [];
  let unreadable = 0;
  for (let at = 0; at < keys.length; at += width) {
    const some = await Promise.all(keys.slice(at, at + width).map((key) => store.read(key)));
    for (const delivered of some.map(readDelivered)) {
      for (const record of delivered.records) records.push(record);
      unreadable += delivered.unreadable;
    }
  }
  return { records, keys, unreadable, leftOut: all.length - keys.length };
};
