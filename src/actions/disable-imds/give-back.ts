import { command } from '../../case/command.ts';
import type { Inverse } from '../../case/undo/inverse.ts';

/** The metadata service answers again. */
export const metadataBack = (region: string, instanceId: string): Inverse => ({
  phase: 'reinforcements',
  resource: instanceId,
  what: 'metadata service disabled → enabled',
  call: {
    api: 'ec2:ModifyInstanceMetadataOptions',
    input: { InstanceId: instanceId, HttpEndpoint: 'enabled' },
  },
  command: command([
    ...['aws', 'ec2', 'modify-instance-metadata-options', '--region', region],
    ...['--instance-id', instanceId, '--http-endpoint', 'enabled'],
  ]),
});
