import { describe, expect, it } from 'vitest';
import { keepPace } from '../../src/aws/pace.ts';
import { FakeClock } from '../steps/fake-clock.ts';

describe('calls that keep a pace', () => {
  it('go at once as far as the burst allows, then so many a second', async () => {
    const clock = new FakeClock();
    const pace = keepPace(clock, { burst: 6, perSecond: 3 });
    await Promise.all([pace(3), pace(3)]);
    expect(clock.elapsed).toBe(0);
    await Promise.all([pace(3), pace(3)]);
    expect(clock.elapsed).toBe(2_000);
  });

  it('save no more than a burst while nobody calls', async () => {
    const clock = new FakeClock();
    const pace = keepPace(clock, { burst: 6, perSecond: 3 });
    await clock.sleep(600_000);
    await pace(6);
    expect(clock.elapsed).toBe(600_000);
    await pace(3);
    expect(clock.elapsed).toBe(601_000);
  });
});
