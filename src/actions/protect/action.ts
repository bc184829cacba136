import type { Action } from '../action.ts';
import { protectionInverses } from './give-back.ts';

/** Neither the instance nor its volumes may be deleted: they are the evidence. */
export const protect = {
  name: 'protect',
  phase: 'protections',
  permissions: ['ec2:ModifyInstanceAttribute', 'ec2:CreateTags'],
  releasePermissions: ['ec2:ModifyInstanceAttribute'],
  controls: [
    'termination-protection',
    'stop-protection',
    'shutdown-behavior',
    'delete-on-termination',
  ],
  inverses: protectionInverses,
} as const satisfies Action;
