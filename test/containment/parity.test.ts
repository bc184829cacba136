import { it } from 'vitest';
import { useAccount } from './account.ts';
import { expectTheSameBothWays } from './both-ways.ts';

const accounts = useAccount();

// Private worlds, dry runs and further actions: npm run campaign -- parity.
it('leaves the same world behind, by the state machine or by one process', async () => {
  await expectTheSameBothWays(accounts);
});
