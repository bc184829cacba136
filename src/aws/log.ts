/** Structured logging, passed in; Powertools' Logger satisfies it. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void;
  warn(message: string, fields?: Record<string, unknown>): void;
  error(message: string, fields?: Record<string, unknown>): void;
}

/** For a caller that wants no log at all. */
export const silentLog: Log = { info: () => {}, warn: () => {}, error: () => {} };
