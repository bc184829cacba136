import type { EvidenceKind } from '../kind.ts';

export const screenshotKind: EvidenceKind = {
  name: 'screenshot',
  what: 'picture of the console',
  isOptedInto: () => true,
  foresee: async () => ({ can: true, sentence: 'A picture of the console is taken.' }),
};
