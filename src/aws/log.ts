/** Structured logging, passed in; Powertools' Logger satisfies it. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
  /** From now on every line carries these fields, such as the case it is about. */
  about?(fields: Record<string, string>): void;
}

/** For a caller that wants no log at all. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
