import { command } from './command.ts';

/**
 * The commands that stop an instance as the last resort, in the order in which AWS accepts them:
 * stop protection, which Cordon switches on, refuses a stop
 * (https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-stop-protection.html). Its memory and its
 * instance store volumes are lost.
 */
export const stopCommands = (region: string, instanceId: string): readonly string[] => [
  command([
    ...['aws', 'ec2', 'modify-instance-attribute', '--region', region],
    ...['--instance-id', instanceId, '--no-disable-api-stop'],
  ]),
  command(['aws', 'ec2', 'stop-instances', '--region', region, '--instance-ids', instanceId]),
];
