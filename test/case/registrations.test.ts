import { describe, expect, it } from 'vitest';
import { unitedTargets } from '../../src/case/registrations.ts';
import { targetWith } from './sample-before.ts';

describe('registrations that two steps saw', () => {
  it('are one, and remembered as those of the Auto Scaling group', () => {
    const byGroup = targetWith({ viaAutoScaling: true, state: 'healthy' });
    const later = targetWith({ state: 'draining' });
    expect(unitedTargets([byGroup], undefined, [later])).toEqual([
      { ...later, viaAutoScaling: true },
    ]);
  });

  it('are two on two ports, in two zones, or by id and by address', () => {
    const different = [
      targetWith(),
      targetWith({ port: 81 }),
      targetWith({ zone: 'all' }),
      targetWith({ targetId: '10.20.1.15' }),
      targetWith({ targetGroupArn: 'arn:other' }),
    ];
    expect(unitedTargets(different)).toEqual(different);
  });
});
