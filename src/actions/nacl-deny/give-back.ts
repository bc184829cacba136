import { command } from '../../case/command.ts';
import type { Inverse } from '../../case/undo/inverse.ts';

/** An entry of a network ACL that denies for this instance. */
export const denyTakenBack = (
  region: string,
  aclId: string,
  number: number,
  egress: boolean,
): Inverse => {
  const way = egress ? 'egress' : 'ingress';
  return {
    phase: 'network',
    resource: aclId,
    what: `${way} rule ${number} → none`,
    call: {
      api: 'ec2:DeleteNetworkAclEntry',
      input: { NetworkAclId: aclId, RuleNumber: number, Egress: egress },
    },
    command: command([
      ...['aws', 'ec2', 'delete-network-acl-entry', '--region', region],
      ...['--network-acl-id', aclId, '--rule-number', `${number}`, `--${way}`],
    ]),
  };
};
