import {
  DescribeIamInstanceProfileAssociationsCommand,
  DisassociateIamInstanceProfileCommand,
} from '@aws-sdk/client-ec2';
import { codeOf } from '../../aws/errors.ts';
import { profileNameOf } from '../../case/revocation.ts';
import type { StepInput } from '../../case/step-input.ts';
import type { ActionDeps, Plan, PlannedChange } from '../plan.ts';
import { nothing } from '../plan.ts';
import { profileBack } from './give-back.ts';

/**
 * Takes the instance profile away: no new credentials are delivered; those that were stay valid
 * until they expire (https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_control-access_disable-perms.html).
 */
export const planDisassociateProfile = async (
  { clients }: ActionDeps,
  { before, case: theCase }: StepInput,
): Promise<Plan> => {
  const { id } = before.instance;
  const { IamInstanceProfileAssociations = [] } = await clients.ec2.send(
    new DescribeIamInstanceProfileAssociationsCommand({
      Filters: [{ Name: 'instance-id', Values: [id] }],
    }),
  );
  const changes = IamInstanceProfileAssociations.filter(
    ({ State }) => State === undefined || State === 'associated' || State === 'associating',
  ).map(
    ({ AssociationId = '', IamInstanceProfile }): PlannedChange => ({
      cut: 'disassociate-profile',
      call: 'ec2:DisassociateIamInstanceProfile',
      resource: AssociationId,
      before: `instance profile ${profileNameOf(IamInstanceProfile?.Arn ?? '')}`,
      after: 'none',
      // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DisassociateIamInstanceProfile.html
      withoutDryRun: true,
      send: async () => {
        try {
          await clients.ec2.send(new DisassociateIamInstanceProfileCommand({ AssociationId }));
        } catch (error) {
          if (codeOf(error) !== 'InvalidAssociationID.NotFound') throw error;
        }
      },
      what: `the instance profile ${profileNameOf(IamInstanceProfile?.Arn ?? '')} is taken away; credentials that were delivered stay valid until they expire`,
      // Which it was is in the tag cordon:before:profile.
      inverse: [profileBack(theCase.region, id, IamInstanceProfile?.Arn ?? '')],
    }),
  );
  return changes.length > 0
    ? { changes, remarks: [], risks: [] }
    : nothing('disassociate-profile', 'not-applicable', id, 'the instance has no instance profile');
};
