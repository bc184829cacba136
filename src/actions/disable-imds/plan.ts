import { ModifyInstanceMetadataOptionsCommand } from '@aws-sdk/client-ec2';
import type { StepInput } from '../../case/step-input.ts';
import type { ActionDeps, Plan } from '../plan.ts';
import { nothing } from '../plan.ts';
import { metadataBack } from './give-back.ts';

/**
 * Switches the instance metadata service off, which hands out fresh role credentials past every
 * group and ACL. The SSM agent then gets none either, so this comes after memory was acquired.
 */
export const planDisableImds = (
  { clients }: ActionDeps,
  { before, case: theCase }: StepInput,
): Plan => {
  const { id, metadataService } = before.instance;
  if (metadataService === 'disabled') {
    return nothing('disable-imds', 'already', id, 'the metadata service is switched off');
  }
  return {
    changes: [
      {
        cut: 'disable-imds',
        call: 'ec2:ModifyInstanceMetadataOptions',
        resource: id,
        before: 'metadata service enabled',
        after: 'disabled',
        send: (dryRun) =>
          clients.ec2.send(
            new ModifyInstanceMetadataOptionsCommand({
              InstanceId: id,
              HttpEndpoint: 'disabled',
              ...(dryRun ? { DryRun: true } : {}),
            }),
          ),
        what: 'the metadata service is switched off',
        // What it was is in the tag cordon:before:protect.
        inverse: [metadataBack(theCase.region, id)],
      },
    ],
    remarks: [],
    risks: [],
  };
};
