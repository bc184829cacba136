import { readFileSync } from 'node:fs';
import { inProject } from '../project.ts';

/** An event as EventBridge delivers it. */
export interface BridgeEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: Readonly<Record<string, unknown>>;
  readonly [field: string]: unknown;
}

/** The instance that the events in `events/` are about. */
export const sampleInstanceId = 'i-0c0d0e0f0a0b0c0d1';

/** An event from `events/` about another instance, seen a moment ago. */
export const sampleEvent = (name: string, instanceId: string, seenAt: Date): BridgeEvent =>
  JSON.parse(
    readFileSync(inProject('events', `${name}.json`), 'utf8')
      .replaceAll(sampleInstanceId, instanceId)
      .replaceAll(/2026-11-20T0\d:\d\d:\d\d(?:\.000)?Z/g, seenAt.toISOString()),
  );
