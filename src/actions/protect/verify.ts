import type { Instance } from '../../case/before.ts';
import type { ControlName, Observation } from '../../case/control.ts';
import { impossibleProtections } from '../../case/protection.ts';

const one = (
  control: ControlName,
  impossible: string | undefined,
  value: boolean | undefined,
  words: { readonly on: string; readonly off: string },
): Observation => {
  if (value === true) return { control, holds: true, observed: words.on };
  if (impossible !== undefined) {
    return { control, holds: 'not-applicable', observed: impossible };
  }
  return value === undefined
    ? { control, holds: 'unknown', observed: 'could not be read' }
    : { control, holds: false, observed: words.off };
};

const volumesObservation = (instance: Instance, impossible: string | undefined): Observation => {
  const deletable = instance.volumes.filter((volume) => volume.deleteOnTermination);
  const control = 'delete-on-termination';
  if (instance.volumes.length === 0) {
    return { control, holds: 'not-applicable', observed: 'no EBS volume' };
  }
  return one(control, impossible, deletable.length === 0, {
    on: `off for ${instance.volumes.length} volumes`,
    off: `on for ${deletable.map((volume) => `${volume.id} (${volume.device})`).join(', ')}`,
  });
};

/** The four controls that keep the evidence from being deleted. */
export const observeProtections = (instance: Instance): readonly Observation[] => {
  const impossible = impossibleProtections(instance);
  const { termination, stop, shutdownBehavior } = instance.protection;
  return [
    one('termination-protection', impossible.termination, termination, {
      on: 'DisableApiTermination is on',
      off: 'DisableApiTermination is off',
    }),
    one('stop-protection', impossible.stop, stop, {
      on: 'DisableApiStop is on',
      off: 'DisableApiStop is off',
    }),
    one(
      'shutdown-behavior',
      impossible.shutdown,
      shutdownBehavior === undefined ? undefined : shutdownBehavior === 'stop',
      { on: 'a shutdown from inside stops', off: 'a shutdown from inside terminates' },
    ),
    volumesObservation(instance, impossible.volumes),
  ];
};
