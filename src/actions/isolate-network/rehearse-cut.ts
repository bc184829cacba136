import { ModifyNetworkInterfaceAttributeCommand } from '@aws-sdk/client-ec2';
import type { Deps } from '../../aws/clients.ts';
import type { Before, NetworkInterface } from '../../case/before.ts';
import { movableInterfaces } from '../../case/before.ts';
import { profileOf } from '../../case/case.ts';
import type { PlanDetail } from '../../case/details.ts';
import { isolationGroupName } from '../../case/isolation-group.ts';
import type { IsolationProfile } from '../../case/isolation-profile.ts';
import type { StepResult } from '../../case/step.ts';
import type { StepInput } from '../../case/step-input.ts';
import type { Change } from '../../engine/change.ts';
import { rehearse } from '../../engine/rehearse.ts';
import { assessCut } from './assess-cut.ts';

/**
 * Rehearses the isolating change. The policy lets only Cordon's groups be attached, so the rehearsal
 * attaches the isolation group of the interface's VPC. If there is none yet, it changes the
 * description, which needs the same permission on the interface.
 */
const rehearsedChange = (
  { clients }: Deps<'ec2'>,
  profile: IsolationProfile,
  { instance, groups }: Before,
  { id, vpcId, groupIds }: NetworkInterface,
): Change => {
  const name = isolationGroupName(profile === 'forensic' ? 'forensic' : 'full');
  const group = groups.find(
    (one) => one.name === name && one.vpcId === vpcId && one.ownerId === instance.accountId,
  );
  const change = group === undefined ? { Description: { Value: '' } } : { Groups: [group.id] };
  return {
    call: 'ec2:ModifyNetworkInterfaceAttribute',
    resource: id,
    before: `groups ${groupIds.join(' ')}`,
    after: group?.id ?? name,
    send: () =>
      clients.ec2.send(
        new ModifyNetworkInterfaceAttributeCommand({
          NetworkInterfaceId: id,
          ...change,
          // Never without: this function only rehearses.
          DryRun: true,
        }),
      ),
  };
};

/** The dry run of the step: nothing is moved; what the cut would leave is read. */
export const rehearseCut = async (
  deps: Deps<'ec2'>,
  input: StepInput,
): Promise<StepResult<PlanDetail>> => {
  const { case: theCase, before } = input;
  const changes = movableInterfaces(before.instance).map((one) =>
    rehearsedChange(deps, profileOf(theCase, deps.settings), before, one),
  );
  const [calls, { risks }] = await Promise.all([
    rehearse(changes),
    assessCut(deps, input, deps.settings.connectionCut),
  ]);
  return { outcome: 'planned', detail: { calls, risks } };
};
