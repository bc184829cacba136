import type { EvidenceKind } from '../kind.ts';

export const userDataKind: EvidenceKind = {
  name: 'user-data',
  what: 'user data',
  isOptedInto: () => true,
  foresee: async () => ({ can: true, sentence: 'The user data is read.' }),
};
