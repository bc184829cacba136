import type { TriggerSource } from '../case/case.ts';
import type { ContainmentRequest } from './containment-request.ts';

/** An object, as events are. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A pattern of EventBridge, as far as the rules of the template need one. */
export interface EventPattern {
  readonly source: readonly string[];
  readonly 'detail-type'?: readonly string[];
  readonly detail?: Fields;
}

/** One kind of event that Cordon understands: a folder, and a line in the registry. */
export interface TriggerKind {
  readonly source: TriggerSource;
  /** What EventBridge hands over; the rules of the template are checked against it. */
  readonly patterns: readonly EventPattern[];
  /**
   * The event as EventBridge would have sent it, where it comes in another form of its source: a
   * finding alone, an answer of the API, a notification. Undefined where it is none of this kind.
   */
  readonly inEnvelope: (event: Fields) => Fields | undefined;
  /** Whether an event in its envelope is of this kind; nothing is validated. */
  readonly recognises: (event: Fields) => boolean;
  /**
   * What the event says: one request per finding.
   *
   * @throws UnintelligibleEventError when it is of this kind and cannot be read, in one sentence.
   */
  readonly parse: (event: Fields, now: Date) => readonly ContainmentRequest[];
}
