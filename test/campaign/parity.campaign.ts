import { it } from 'vitest';
import { useAccount } from '../containment/account.ts';
import { expectTheSameBothWays } from '../containment/both-ways.ts';
import { everyOptIn, parametersFor } from '../template/opted-in.ts';

const accounts = useAccount();

it.each([
  ['in private subnets, behind a NAT gateway', { world: { kind: 'private' as const } }],
  ['with eight interfaces', { world: { interfaces: 8 } }],
  ['which is only observed', { parameters: { Mode: 'observe' } }],
  ['with everything that is opted into', { parameters: parametersFor(...everyOptIn) }],
])(
  'leaves the same world behind, by the state machine or by one process: a server %s',
  async (_, options) => {
    await expectTheSameBothWays(accounts, options);
  },
);
