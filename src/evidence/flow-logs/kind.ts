import type { EvidenceKind } from '../kind.ts';

export const flowLogsKind: EvidenceKind = {
  name: 'flow-logs',
  what: 'flow logs, and the cut measured by them',
  isOptedInto: ({ flowLogs }) => flowLogs,
  foresee: async (_, { before }) => ({
    can: true,
    sentence: `The traffic of ${before.instance.networkInterfaces.length} interfaces is logged to the store, and read from ten minutes after the cut. An interface that has two flow logs already takes no third.`,
  }),
};
