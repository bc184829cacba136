import { describe, it } from 'vitest';
import { useAccount } from '../containment/account.ts';
import { evidenceCalls, expectUntouchedCase } from '../containment/evidence-faults.ts';
import { troubles } from '../containment/faults.ts';

/** Every call of a collection of evidence, failing in every way. */

const accounts = useAccount();

describe.each(evidenceCalls)('When $service $action goes wrong', (call) => {
  it.each(troubles.filter(({ kind }) => kind !== 'timeout'))(
    'the case is what it would have been: $kind',
    async (trouble) => {
      await expectUntouchedCase(await accounts.open(), call, trouble);
    },
  );
});
