import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { inWords } from '../../aws/errors.ts';
import { defined } from '../../case/defined.ts';
import type { EvidenceCase } from '../evidence-store/keys.ts';
import { readHeadItem } from './head-item.ts';
import type { KnownHead } from './verify-record.ts';
import { readWaiting } from './waiting-item.ts';

/** The case table, as a person at a command has it. */
export interface TableOfStack {
  readonly dynamoDb: DynamoDBClient;
  /** Undefined where no stack is known. */
  readonly caseTableName: string | undefined;
}

/** What the case table knows of a record. */
export interface KnownEnd {
  readonly heads: readonly KnownHead[];
  /** How many notes wait to be appended. */
  readonly pending: number;
}

/**
 * Where a record ends, as the case table knows it. To be asked after the objects were read: the table never
 * knows less of them then.
 *
 * @param doubts takes a sentence where that cannot be told.
 */
export const readKnownHead = async (
  { dynamoDb, caseTableName }: TableOfStack,
  { caseId }: EvidenceCase,
  doubts: string[],
): Promise<KnownEnd> => {
  const unknown = (why: string): KnownEnd => {
    doubts.push(why);
    return { heads: [], pending: 0 };
  };
  if (caseTableName === undefined) {
    return unknown('no stack is known: whether the record goes on cannot be told');
  }
  try {
    const table = { dynamoDb, tableName: caseTableName };
    const [{ head, blockedSince }, pending] = await Promise.all([
      readHeadItem(table, caseId),
      readWaiting(table, caseId),
    ]);
    if (blockedSince !== undefined) {
      doubts.push(`the record has not gone on since ${blockedSince}: something lies in its way`);
    }
    if (head === undefined) return unknown('the case table does not know where the record ends');
    const { sha256, number, versionId } = head;
    const known = { from: 'the case table', last: true, head: sha256, number } as const;
    return { heads: [{ ...known, ...defined({ versionId }) }], pending: pending.length };
  } catch (error) {
    return unknown(`where the record ends could not be read (${inWords(error)})`);
  }
};
