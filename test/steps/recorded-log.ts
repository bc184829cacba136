import type { Log } from '../../src/aws/log.ts';

interface Line {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

/** A log that remembers what it was told. */
export class RecordedLog implements Log {
  readonly lines: Line[] = [];

  info(message: string, fields: Record<string, unknown> = {}): void {
    this.lines.push({ level: 'info', message, fields });
  }

  warn(message: string, fields: Record<string, unknown> = {}): void {
    this.lines.push({ level: 'warn', message, fields });
  }

  error(message: string, fields: Record<string, unknown> = {}): void {
    this.lines.push({ level: 'error', message, fields });
  }

  line(message: string): Line | undefined {
    return this.lines.find((one) => one.message === message);
  }

  /** Everything that was logged, as text. */
  get text(): string {
    return JSON.stringify(this.lines);
  }
}
