import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Inverse } from '../../src/case/undo/inverse.ts';
import { inverseLine } from '../../src/case/undo/inverse.ts';
import { anyText } from './any-text.ts';

const inverse: Inverse = {
  phase: 'auto-scaling',
  resource: 'web',
  what: 'detached → attached',
  call: {
    api: 'autoscaling:AttachInstances',
    input: { AutoScalingGroupName: 'web', InstanceIds: ['i-0123456789abcdef0'] },
  },
  command: 'aws autoscaling attach-instances',
};

it('What is given back stands on one line of visible characters, whoever named it', () => {
  expect(inverseLine(inverse)).toBe('web: detached → attached');
  fc.assert(
    fc.property(anyText(), anyText(), (resource, what) => {
      expect(inverseLine({ ...inverse, resource, what })).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
    }),
  );
});
