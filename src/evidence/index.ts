import type { Collector } from './collector.ts';
import { consoleOutput } from './console-output/collector.ts';
import { flowLogs } from './flow-logs/collector.ts';
import { instanceDescription } from './instance-description/collector.ts';
import { memoryCollector } from './memory/collector.ts';
import { waysOfStack } from './memory/ways-of-stack.ts';
import { screenshot } from './screenshot/collector.ts';
import { snapshots } from './snapshots/collector.ts';
import { trafficMirror } from './traffic-mirror/collector.ts';
import { userData } from './user-data/collector.ts';

/** What collects each kind of evidence; a kind that has no collector here fails a test. */
export const collectors: readonly Collector[] = [
  consoleOutput,
  screenshot,
  userData,
  instanceDescription,
  snapshots,
  trafficMirror,
  flowLogs,
  memoryCollector(waysOfStack),
];

/** The collector of this name. */
export const collectorNamed = (name: string): Collector | undefined =>
  collectors.find((one) => one.name === name);
