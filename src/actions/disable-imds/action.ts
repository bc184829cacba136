import type { ReinforcingAction } from '../action.ts';
import { metadataBack } from './give-back.ts';

/** The instance metadata service is switched off, which hands out fresh credentials of the role. */
export const disableImds = {
  name: 'disable-imds',
  phase: 'reinforcements',
  optIn: 'DISABLE_IMDS',
  takesCredentials: true,
  permissions: ['ec2:ModifyInstanceMetadataOptions'],
  releasePermissions: ['ec2:ModifyInstanceMetadataOptions'],
  rest: {
    of: 'instance-metadata',
    rest: {
      risk: 'instance-metadata-closed',
      explanation:
        'The instance metadata service is switched off, once its state is "applied". Credentials that were fetched before, by processes on the host too, stay valid until they expire.',
      remedy: 'Deny the sessions as well: RevokeCredentials.',
    },
  },
  controls: [],
  inverses: ({ region, instanceId, former, now }) =>
    former.metadataService === 'enabled' && now.metadataService === 'disabled'
      ? [metadataBack(region, instanceId)]
      : [],
} as const satisfies ReinforcingAction;
