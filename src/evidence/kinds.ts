import { consoleOutputKind } from './console-output/kind.ts';
import { flowLogsKind } from './flow-logs/kind.ts';
import { instanceDescriptionKind } from './instance-description/kind.ts';
import type { EvidenceKind } from './kind.ts';
import { memoryKind } from './memory/kind.ts';
import { screenshotKind } from './screenshot/kind.ts';
import { snapshotsKind } from './snapshots/kind.ts';
import { trafficMirrorKind } from './traffic-mirror/kind.ts';
import { userDataKind } from './user-data/kind.ts';

/** Every kind of evidence, in the order in which people are told of it. */
export const evidenceKinds: readonly EvidenceKind[] = [
  consoleOutputKind,
  screenshotKind,
  userDataKind,
  instanceDescriptionKind,
  snapshotsKind,
  trafficMirrorKind,
  flowLogsKind,
  memoryKind,
];

/** What a kind is called in messages; its name where nothing is known of it. */
export const wordsOfKind = (name: string): string =>
  evidenceKinds.find((one) => one.name === name)?.what ?? name;
