import { ModifyInstanceAttributeCommand } from '@aws-sdk/client-ec2';
import type { Deps } from '../../aws/clients.ts';
import { codeOf } from '../../aws/errors.ts';
import type { StepInput } from '../../case/step-input.ts';
import type { Change } from '../../engine/change.ts';
import {
  shutdownTerminates,
  stopAllowed,
  terminationAllowed,
  volumesDeleted,
} from './give-back.ts';
import { keepVolumes } from './keep-volumes.ts';

export const protections = ['termination', 'stop', 'shutdown', 'volumes'] as const;

export type Protection = (typeof protections)[number];

/** A change that switches one protection on. */
export interface ProtectingChange extends Change {
  readonly name: Protection;
}

/** AWS's ways of saying that this instance cannot have this protection. */
const notAllowedCodes = new Set([
  'OperationNotPermitted',
  'UnsupportedOperation',
  'InvalidParameterCombination',
  'UnsupportedInstanceAttribute',
]);

const meaning = (error: unknown): 'not-applicable' | undefined =>
  notAllowedCodes.has(codeOf(error)) ? 'not-applicable' : undefined;

/** What was read of a switch; it may not have been answered. */
const state = (on: boolean | undefined): string =>
  on === undefined ? 'unknown' : on ? 'on' : 'off';

/**
 * The protections that are not known to be on, each a change of its own: ModifyInstanceAttribute takes
 * a single attribute at a time.
 */
export const planProtections = (
  deps: Deps<'ec2'>,
  { case: theCase, before: { instance } }: StepInput,
): readonly ProtectingChange[] => {
  const { protection, volumes } = instance;
  const modify = (
    name: Protection,
    attribute: Omit<ConstructorParameters<typeof ModifyInstanceAttributeCommand>[0], 'InstanceId'>,
    words: Pick<Change, 'before' | 'after' | 'inverse'>,
  ): ProtectingChange => ({
    name,
    call: 'ec2:ModifyInstanceAttribute',
    resource: `${instance.id} ${name}`,
    ...words,
    meaning,
    send: (dryRun) =>
      deps.clients.ec2.send(
        new ModifyInstanceAttributeCommand({
          InstanceId: instance.id,
          ...attribute,
          ...(dryRun ? { DryRun: true } : {}),
        }),
      ),
  });
  const deletable = volumes.filter((volume) => volume.deleteOnTermination);
  const devices = deletable.map(({ device }) => device);
  const wanted: readonly (ProtectingChange | false)[] = [
    protection.termination !== true &&
      modify(
        'termination',
        { DisableApiTermination: { Value: true } },
        {
          before: `termination protection ${state(protection.termination)}`,
          after: 'on',
          inverse: [terminationAllowed(theCase)],
        },
      ),
    protection.stop !== true &&
      modify(
        'stop',
        { DisableApiStop: { Value: true } },
        {
          before: `stop protection ${state(protection.stop)}`,
          after: 'on',
          inverse: [stopAllowed(theCase)],
        },
      ),
    protection.shutdownBehavior !== 'stop' &&
      modify(
        'shutdown',
        { InstanceInitiatedShutdownBehavior: { Value: 'stop' } },
        {
          before: `a shutdown from inside: ${protection.shutdownBehavior ?? 'unknown'}`,
          after: 'stop',
          inverse: [shutdownTerminates(theCase)],
        },
      ),
    deletable.length > 0 && {
      name: 'volumes',
      call: 'ec2:ModifyInstanceAttribute',
      resource: `${instance.id} volumes`,
      before: `deleted with the instance: ${devices.join(', ')}`,
      after: 'kept',
      inverse: [volumesDeleted(theCase, devices)],
      meaning,
      send: (dryRun) => keepVolumes(deps, instance.id, deletable, dryRun),
    },
  ];
  return wanted.filter((one) => one !== false);
};
