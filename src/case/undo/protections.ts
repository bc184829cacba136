import { command, jsonWord } from '../command.ts';
import type { UndoKnowledge } from './knowledge.ts';

/** What was off before and is not now, is switched off again. */
export const protectionCommands = ({
  region,
  instanceId,
  former,
  now,
}: UndoKnowledge): readonly string[] => {
  const modify = ['aws', 'ec2', 'modify-instance-attribute', '--region', region];
  const ofInstance = [...modify, '--instance-id', instanceId];
  const { termination, stop, shutdownBehavior } = former.protection ?? {};
  const deletable = former.volumes
    .filter(({ id, deleteOnTermination }) => deleteOnTermination && now.volumes[id] !== true)
    .map(({ device }) => ({ DeviceName: device, Ebs: { DeleteOnTermination: true } }));
  return [
    ...(termination === false && now.protection.termination !== false
      ? [command([...ofInstance, '--no-disable-api-termination'])]
      : []),
    ...(stop === false && now.protection.stop !== false
      ? [command([...ofInstance, '--no-disable-api-stop'])]
      : []),
    ...(shutdownBehavior === 'terminate' && now.protection.shutdownBehavior !== 'terminate'
      ? [command([...ofInstance, '--instance-initiated-shutdown-behavior', 'terminate'])]
      : []),
    ...(deletable.length > 0
      ? [command([...ofInstance, '--block-device-mappings', jsonWord(deletable)])]
      : []),
  ];
};
