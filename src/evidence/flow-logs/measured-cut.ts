import * as z from 'zod/mini';
import { inWords } from '../../aws/errors.ts';
import { readAttachedInterfaces } from '../../aws/instance.ts';
import { flowFolder } from '../../case/flow-log.ts';
import type { EvidenceDeps } from '../collector.ts';
import type { EvidenceInput } from '../kind.ts';
import type { LivingConnection, Measured } from './measure.ts';
import { measureInterface, settlingSeconds, spanOf } from './measure.ts';
import type { DeliveredRecords } from './read-delivered.ts';
import { readDeliveredRecords } from './read-delivered.ts';
import { readProfiles } from './read-profile.ts';

/** What the records say at one look. */
export interface Measurement {
  readonly measured: readonly Measured[];
  readonly delivered: DeliveredRecords;
}

/** What the flow logs say of every contained interface, until the last time that it was seen isolated. */
export const measureCut = async (
  deps: EvidenceDeps,
  input: EvidenceInput,
  cutSeenAt: string,
  stillCutAt: string,
): Promise<Measurement> => {
  const attached = await readAttachedInterfaces(deps.clients.ec2, input.case.instanceId);
  const profiles = await readProfiles(deps.clients.ec2, attached);
  const delivered = await readDeliveredRecords(deps, input);
  const span = spanOf(new Date(cutSeenAt), new Date(stillCutAt));
  const measured = [...profiles].map(([id, profile]) =>
    measureInterface(id, profile, delivered.records, span),
  );
  return { measured, delivered };
};

const pieceOf = ({ peer }: LivingConnection): string => `living-${peer}.json`;

/**
 * Tells of every peer that was not told before; what is on record was told, by whichever run.
 * One that could not be told is tried again at the next look.
 */
export const tellNewPeers = async (
  { store, tellLiving, log }: EvidenceDeps,
  input: EvidenceInput,
  measured: readonly Measured[],
): Promise<void> => {
  if (tellLiving === undefined) throw new Error('Nobody can be told of living connections here.');
  const byPeer = new Map<string, LivingConnection>();
  for (const one of measured.flatMap(({ living }) => living)) {
    if (!byPeer.has(one.peer)) byPeer.set(one.peer, one);
  }
  for (const one of byPeer.values()) {
    if ((await store.find('flow-logs', pieceOf(one))) !== undefined) continue;
    try {
      await tellLiving(input, one);
    } catch (error) {
      log.error('nobody was told that a connection lives', { one, error: inWords(error) });
      continue;
    }
    const piece = {
      collector: 'flow-logs',
      name: pieceOf(one),
      what: `Connection that lived after the cut, with ${one.peer}`,
      how: `VPC flow logs of ${one.interfaceId} below ${flowFolder(input.case)}`,
    };
    await store.keep(piece, Buffer.from(JSON.stringify(one)), 'application/json');
  }
};

const iso = (seconds: number): string => new Date(seconds * 1_000).toISOString();

/** The measurement as it lies in the store, for a person and for programs. */
export const measurementText = (
  { case: { caseId, instanceId } }: EvidenceInput,
  { measured, delivered }: Measurement,
  times: { readonly cutSeenAt: string; readonly stillCutAt: string; readonly measuredAt: string },
): string => {
  const interfaces = measured.map(({ intervals, living, ...rest }) => ({
    ...rest,
    intervals: intervals.map(({ start, end }) => ({ from: iso(start), until: iso(end) })),
    living: living.map((one) => ({ ...one, from: iso(one.from), until: iso(one.until) })),
  }));
  const { keys, unreadable, leftOut, records } = delivered;
  const read = { files: keys, records: records.length, unreadable, leftOut };
  const value = { v: 1, caseId, instanceId, ...times, settlingSeconds, interfaces, read };
  return `${JSON.stringify(value, null, 2)}\n`;
};

const seenSchema = z.object({ cutSeenAt: z.iso.datetime() });

/** When the cut was seen, from a measurement in the store; undefined for anything that is none. */
export const readCutSeenAt = (text: string): Date | undefined => {
  try {
    const { data } = seenSchema.safeParse(JSON.parse(text));
    return data === undefined ? undefined : new Date(data.cutSeenAt);
  } catch {
    return undefined;
  }
};
