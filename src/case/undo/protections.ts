import { command, jsonWord } from '../command.ts';
import type { Inverse, InverseCall } from './inverse.ts';
import type { UndoKnowledge } from './knowledge.ts';

type Attribute = Omit<
  Extract<InverseCall, { readonly api: 'ec2:ModifyInstanceAttribute' }>['input'],
  'InstanceId'
>;

/** What was off before and is not now, is switched off again. */
export const protectionInverses = ({
  region,
  instanceId,
  former,
  now,
}: UndoKnowledge): readonly Inverse[] => {
  const modify = (what: string, attribute: Attribute, ...words: readonly string[]): Inverse => ({
    phase: 'protections',
    resource: instanceId,
    what,
    call: { api: 'ec2:ModifyInstanceAttribute', input: { InstanceId: instanceId, ...attribute } },
    command: command([
      ...['aws', 'ec2', 'modify-instance-attribute', '--region', region],
      ...['--instance-id', instanceId, ...words],
    ]),
  });
  const { termination, stop, shutdownBehavior } = former.protection ?? {};
  const deletable = former.volumes
    .filter(({ id, deleteOnTermination }) => deleteOnTermination && now.volumes[id] !== true)
    .map(({ device }) => ({ DeviceName: device, Ebs: { DeleteOnTermination: true } }));
  return [
    ...(termination === false && now.protection.termination !== false
      ? [
          modify(
            'termination protection on → off',
            { DisableApiTermination: { Value: false } },
            '--no-disable-api-termination',
          ),
        ]
      : []),
    ...(stop === false && now.protection.stop !== false
      ? [
          modify(
            'stop protection on → off',
            { DisableApiStop: { Value: false } },
            '--no-disable-api-stop',
          ),
        ]
      : []),
    ...(shutdownBehavior === 'terminate' && now.protection.shutdownBehavior !== 'terminate'
      ? [
          modify(
            'a shutdown from inside stop → terminate',
            { InstanceInitiatedShutdownBehavior: { Value: 'terminate' } },
            '--instance-initiated-shutdown-behavior',
            'terminate',
          ),
        ]
      : []),
    ...(deletable.length > 0
      ? [
          modify(
            `kept → deleted with the instance: ${deletable.map(({ DeviceName }) => DeviceName).join(', ')}`,
            { BlockDeviceMappings: deletable },
            '--block-device-mappings',
            jsonWord(deletable),
          ),
        ]
      : []),
  ];
};
