import type { EvidenceKind } from '../kind.ts';

export const consoleOutputKind: EvidenceKind = {
  name: 'console-output',
  what: 'console output',
  isOptedInto: () => true,
  foresee: async () => ({ can: true, sentence: 'The console output is read.' }),
};
