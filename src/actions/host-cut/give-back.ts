import { command } from '../../case/command.ts';
import type { HostCut } from '../../case/host-cut.ts';
import type { Inverse } from '../../case/undo/inverse.ts';

/** The host's firewall without Cordon's rules. Whether they are there, only the host can say. */
export const hostBack = (
  region: string,
  instanceId: string,
  { caseId, documentName }: HostCut,
): Inverse => ({
  phase: 'host',
  resource: instanceId,
  what: 'the firewall of the host with Cordon’s rules → without them',
  note: 'Systems Manager must reach the agent. Otherwise, as root on the serial console: nft delete table inet cordon',
  call: {
    api: 'ssm:SendCommand',
    input: {
      InstanceIds: [instanceId],
      DocumentName: documentName,
      Parameters: { Action: ['restore'], Case: [caseId] },
    },
  },
  command: command([
    ...['aws', 'ssm', 'send-command', '--region', region, '--instance-ids', instanceId],
    ...['--document-name', documentName, '--parameters', `Action=restore,Case=${caseId}`],
  ]),
});
