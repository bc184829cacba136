import { describe, expect, it } from 'vitest';
import { functionHandler } from '../../src/lambda/function-handler.ts';
import { isWarmUp } from '../../src/lambda/warm-up.ts';

const never = () => Promise.reject(new Error('The step was run'));

describe('A warm-up', () => {
  it('ends at once: the step is not run, and no client is asked', async () => {
    const handler = functionHandler({ step: 'isolate-network', clients: () => ({}), run: never });
    expect(await handler({ warm: true })).toEqual({});
  });

  it.each([
    ['the input of a step', { case: {}, before: {} }],
    ['the input of the machine', { instanceId: 'i-0123456789abcdef0' }],
    ['a step whose event says so too', { warm: true, instanceId: 'i-0123456789abcdef0' }],
    ['another word', { warm: 'true' }],
    ['nothing', undefined],
    ['null', null],
    ['a text', 'warm'],
  ])('is never %s', (_, event) => {
    expect(isWarmUp(event)).toBe(false);
  });
});
