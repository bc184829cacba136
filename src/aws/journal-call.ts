import { createHash } from 'node:crypto';
import { calledAction, onlyReads } from '../case/called-action.ts';
import { defined } from '../case/defined.ts';
import { calledResource } from './called-resource.ts';
import { isJournaling, keepsAnswers, note } from './current-journal.ts';
import { inWords } from './errors.ts';

/** One call of AWS, as it was sent and as it ended. */
export interface SeenCall {
  readonly clientName: string;
  readonly commandName: string;
  readonly input: unknown;
  readonly startedAt: Date;
  readonly endedAt: Date;
  /** The `Date` header of the answer. */
  readonly date?: string | undefined;
  readonly requestId?: string | undefined;
  readonly attempts?: number | undefined;
  /** What was answered; absent where it failed. */
  readonly output?: unknown;
  readonly error?: unknown;
}

/**
 * Whoever has one of these can act with it, so it is in no record: the token that answers a question, under
 * the names that Step Functions and the case table have for it, credentials, and what a host runs at its
 * start. Tokens of pages and of repetitions are nobody's secret, and HttpTokens is a setting.
 */
const isSecret = (key: string): boolean =>
  /^:?(?:task|session|security)?token$|secret|password|^userdata$/i.test(key);

const digestOf = (bytes: Uint8Array): object => ({
  bytes: bytes.length,
  sha256: createHash('sha256').update(bytes).digest('hex'),
});

/** A value as JSON can hold it: of bytes their hash, of a secret its place, of a stream nothing. */
const recordable = (value: unknown, depth = 0): unknown => {
  if (value instanceof Uint8Array) return digestOf(value);
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((one) => recordable(one, depth + 1));
  if (depth > 20 || 'pipe' in value) return '(a stream)';
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$metadata')
      .map(([key, one]) => [key, isSecret(key) ? '(withheld)' : recordable(one, depth + 1)]),
  );
};

/** Their answers are evidence, which the store has, or keys, which everybody may have elsewhere. */
const keptElsewhere = /:(?:GetConsole|GetObject|GetSnapshotBlock|GetPublicKey|GetQueryResults)/;

const answerOf = (action: string, output: unknown): unknown => {
  if (output === undefined) return undefined;
  // Of a call that changes something the answer names what it made: a snapshot, a message.
  if (!onlyReads(action)) return recordable(output);
  return keepsAnswers() && !keptElsewhere.test(action) ? recordable(output) : undefined;
};

const errorOf = (error: unknown): { readonly code: string; readonly message: string } => ({
  code: error instanceof Error ? error.name : 'Error',
  message: inWords(error),
});

const isoOf = (date: string | undefined): string | undefined => {
  const at = date === undefined ? Number.NaN : Date.parse(date);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

/** Notes a call of AWS in the journal of the case for which it was made. */
export const journalCall = (seen: SeenCall): void => {
  if (!isJournaling()) return;
  const { clientName, commandName, input, startedAt, endedAt, error } = seen;
  const call = calledAction(clientName, commandName);
  note({
    kind: 'call',
    at: startedAt.toISOString(),
    until: endedAt.toISOString(),
    call,
    parameters: recordable(input),
    outcome: error === undefined ? 'done' : 'failed',
    ...defined({
      awsAt: isoOf(seen.date),
      resource: calledResource(input),
      requestId: seen.requestId,
      attempts: seen.attempts,
      answer: answerOf(call, seen.output),
      error: error === undefined ? undefined : errorOf(error),
    }),
  });
};
