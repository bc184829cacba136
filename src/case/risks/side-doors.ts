import { command } from '../command.ts';
import type { ResidualRisk } from '../risk.ts';

/** Ways to the host that security groups do not close, or not for what is open already. */
export const sideDoorRisks = (doors: {
  readonly systemsManager: readonly string[];
  readonly instanceConnect: readonly string[];
  readonly serialConsole: boolean;
  readonly unread: readonly string[];
}): readonly ResidualRisk[] => [
  ...(doors.systemsManager.length > 0
    ? [
        {
          risk: 'systems-manager-channel',
          explanation: `The VPC has Systems Manager endpoints (${doors.systemsManager.join(', ')}): a connection of the SSM agent that is open stays tracked, and commands can still arrive through it.`,
          remedy:
            'Restrict ssm:SendCommand and ssm:StartSession on the instance, or take 443 from the endpoints’ security group.',
        },
      ]
    : []),
  ...(doors.instanceConnect.length > 0
    ? [
        {
          risk: 'instance-connect-endpoint',
          explanation: `The VPC has EC2 Instance Connect endpoints (${doors.instanceConnect.join(', ')}): a session through one that is open may live on.`,
          remedy: 'Restrict ec2-instance-connect:OpenTunnel to the responders.',
        },
      ]
    : []),
  ...(doors.serialConsole
    ? [
        {
          risk: 'serial-console',
          explanation:
            'The EC2 serial console is allowed in this account and Region: it reaches the host without any network.',
          remedy: `${command(['aws', 'ec2', 'disable-serial-console-access'])}, unless the responders need it.`,
        },
      ]
    : []),
  ...(doors.unread.length > 0
    ? [
        {
          risk: 'side-doors-unread',
          explanation: `It could not be read whether there are other ways to the host: ${doors.unread.join(', ')}.`,
          remedy: 'Look at them in the console.',
        },
      ]
    : []),
];
