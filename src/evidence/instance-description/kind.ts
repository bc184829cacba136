import type { EvidenceKind } from '../kind.ts';

export const instanceDescriptionKind: EvidenceKind = {
  name: 'instance-description',
  what: 'description by EC2',
  isOptedInto: () => true,
  foresee: async () => ({ can: true, sentence: 'What EC2 says of the instance is kept.' }),
};
