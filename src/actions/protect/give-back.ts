import { command, jsonWord } from '../../case/command.ts';
import type { Inverse, InverseCall } from '../../case/undo/inverse.ts';
import type { UndoKnowledge } from '../../case/undo/knowledge.ts';

/** Which instance, and where. */
type Place = Pick<UndoKnowledge, 'region' | 'instanceId'>;

type Attribute = Omit<
  Extract<InverseCall, { readonly api: 'ec2:ModifyInstanceAttribute' }>['input'],
  'InstanceId'
>;

const modify = (
  { region, instanceId }: Place,
  what: string,
  attribute: Attribute,
  ...words: readonly string[]
): Inverse => ({
  phase: 'protections',
  resource: instanceId,
  what,
  call: { api: 'ec2:ModifyInstanceAttribute', input: { InstanceId: instanceId, ...attribute } },
  command: command([
    ...['aws', 'ec2', 'modify-instance-attribute', '--region', region],
    ...['--instance-id', instanceId, ...words],
  ]),
});

export const terminationAllowed = (place: Place): Inverse =>
  modify(
    place,
    'termination protection on → off',
    { DisableApiTermination: { Value: false } },
    '--no-disable-api-termination',
  );

export const stopAllowed = (place: Place): Inverse =>
  modify(
    place,
    'stop protection on → off',
    { DisableApiStop: { Value: false } },
    '--no-disable-api-stop',
  );

export const shutdownTerminates = (place: Place): Inverse =>
  modify(
    place,
    'a shutdown from inside stop → terminate',
    { InstanceInitiatedShutdownBehavior: { Value: 'terminate' } },
    '--instance-initiated-shutdown-behavior',
    'terminate',
  );

/** The volumes at these devices go with the instance again. */
export const volumesDeleted = (place: Place, devices: readonly string[]): Inverse => {
  const mappings = devices.map((DeviceName) => ({
    DeviceName,
    Ebs: { DeleteOnTermination: true },
  }));
  return modify(
    place,
    `kept → deleted with the instance: ${devices.join(', ')}`,
    { BlockDeviceMappings: mappings },
    '--block-device-mappings',
    jsonWord(mappings),
  );
};

/** What was off before and is not now, is switched off again. */
export const protectionInverses = (knowledge: UndoKnowledge): readonly Inverse[] => {
  const { former, now } = knowledge;
  const { termination, stop, shutdownBehavior } = former.protection ?? {};
  const deletable = former.volumes
    .filter(({ id, deleteOnTermination }) => deleteOnTermination && now.volumes[id] !== true)
    .map(({ device }) => device);
  return [
    ...(termination === false && now.protection.termination !== false
      ? [terminationAllowed(knowledge)]
      : []),
    ...(stop === false && now.protection.stop !== false ? [stopAllowed(knowledge)] : []),
    ...(shutdownBehavior === 'terminate' && now.protection.shutdownBehavior !== 'terminate'
      ? [shutdownTerminates(knowledge)]
      : []),
    ...(deletable.length > 0 ? [volumesDeleted(knowledge, deletable)] : []),
  ];
};
