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

/** Plans one protection; undefined where it is on already. */
type Planner = (deps: Deps<'ec2'>, input: StepInput) => ProtectingChange | undefined;

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

/** ModifyInstanceAttribute takes a single attribute at a time. */
const modify = (
  { clients }: Deps<'ec2'>,
  instanceId: string,
  name: Protection,
  attribute: Omit<ConstructorParameters<typeof ModifyInstanceAttributeCommand>[0], 'InstanceId'>,
): Pick<ProtectingChange, 'name' | 'call' | 'resource' | 'meaning' | 'send'> => ({
  name,
  call: 'ec2:ModifyInstanceAttribute',
  resource: `${instanceId} ${name}`,
  meaning,
  send: (dryRun) =>
    clients.ec2.send(
      new ModifyInstanceAttributeCommand({
        InstanceId: instanceId,
        ...attribute,
        ...(dryRun ? { DryRun: true } : {}),
      }),
    ),
});

/** The instance can be terminated by nobody. */
const termination: Planner = (deps, { case: theCase, before: { instance } }) => {
  const { termination: now } = instance.protection;
  if (now === true) return undefined;
  return {
    ...modify(deps, instance.id, 'termination', { DisableApiTermination: { Value: true } }),
    before: `termination protection ${state(now)}`,
    after: 'on',
    inverse: [terminationAllowed(theCase)],
  };
};

/** Nor be stopped, which would end what its memory holds. */
const stop: Planner = (deps, { case: theCase, before: { instance } }) => {
  const { stop: now } = instance.protection;
  if (now === true) return undefined;
  return {
    ...modify(deps, instance.id, 'stop', { DisableApiStop: { Value: true } }),
    before: `stop protection ${state(now)}`,
    after: 'on',
    inverse: [stopAllowed(theCase)],
  };
};

/** A shutdown from inside does not terminate it. */
const shutdown: Planner = (deps, { case: theCase, before: { instance } }) => {
  const { shutdownBehavior: now } = instance.protection;
  if (now === 'stop') return undefined;
  return {
    ...modify(deps, instance.id, 'shutdown', {
      InstanceInitiatedShutdownBehavior: { Value: 'stop' },
    }),
    before: `a shutdown from inside: ${now ?? 'unknown'}`,
    after: 'stop',
    inverse: [shutdownTerminates(theCase)],
  };
};

/** No volume goes with it. */
const volumes: Planner = (deps, { case: theCase, before: { instance } }) => {
  const deletable = instance.volumes.filter((volume) => volume.deleteOnTermination);
  if (deletable.length === 0) return undefined;
  const devices = deletable.map(({ device }) => device);
  return {
    name: 'volumes',
    call: 'ec2:ModifyInstanceAttribute',
    resource: `${instance.id} volumes`,
    before: `deleted with the instance: ${devices.join(', ')}`,
    after: 'kept',
    inverse: [volumesDeleted(theCase, devices)],
    meaning,
    send: (dryRun) => keepVolumes(deps, instance.id, deletable, dryRun),
  };
};

const planners: Readonly<Record<Protection, Planner>> = { termination, stop, shutdown, volumes };

/** The protections that are not known to be on, each a change of its own. */
export const planProtections = (deps: Deps<'ec2'>, input: StepInput): readonly ProtectingChange[] =>
  protections.flatMap((name) => planners[name](deps, input) ?? []);
