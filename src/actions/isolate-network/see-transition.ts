import type { Deps } from '../../aws/clients.ts';
import { giveUpAfter } from '../../aws/deadline.ts';
import { inWords } from '../../aws/errors.ts';
import { readInterfaceGroups } from '../../aws/instance.ts';
import { isSameSet } from '../../case/same-set.ts';

/** Milliseconds between two looks while the transition is held. */
const betweenLooks = 200;

/** How long one look is waited for, in milliseconds. */
const longestLook = 2_000;

/** An interface that was put into the transition group, and what comes after it. */
export interface Opening {
  readonly interfaceId: string;
  readonly transition: string;
  readonly isolation: readonly string[];
  readonly holdMilliseconds: number;
}

/**
 * Whether the interface was seen in the transition group, because AWS may accept a change and not
 * make it. The read runs during the hold, so that it costs no further round trip. Without a hold the
 * isolating change may come first, so AWS's answer counts as seen. Never throws.
 */
export const seeTransition = async (
  { clients, clock, log }: Deps<'ec2'>,
  { interfaceId, transition, isolation, holdMilliseconds }: Opening,
): Promise<boolean> => {
  const until = clock.now().getTime() + holdMilliseconds;
  for (;;) {
    try {
      const groups = await giveUpAfter(clock, longestLook, () =>
        readInterfaceGroups(clients.ec2, [interfaceId]),
      );
      const seen = groups.get(interfaceId) ?? [];
      if (seen.includes(transition)) return true;
      if (isSameSet(seen, isolation)) return holdMilliseconds === 0;
    } catch (error) {
      log.warn('the transition could not be read back', { interfaceId, error: inWords(error) });
    }
    if (clock.now().getTime() + betweenLooks >= until) return false;
    await clock.sleep(betweenLooks);
  }
};
