import { command, jsonWord } from '../../case/command.ts';
import type { Inverse } from '../../case/undo/inverse.ts';

/** The instance profile, whose path may contain commas. */
export const profileBack = (region: string, instanceId: string, arn: string): Inverse => ({
  phase: 'reinforcements',
  resource: instanceId,
  what: `no instance profile → ${arn}`,
  call: {
    api: 'ec2:AssociateIamInstanceProfile',
    input: { InstanceId: instanceId, IamInstanceProfile: { Arn: arn } },
  },
  command: command([
    ...['aws', 'ec2', 'associate-iam-instance-profile', '--region', region],
    ...['--instance-id', instanceId, '--iam-instance-profile', jsonWord({ Arn: arn })],
  ]),
});
