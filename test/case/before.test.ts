import { expect, it } from 'vitest';
import { movableInterfaces } from '../../src/case/before.ts';
import { instanceWith, interfaceWith } from './sample-before.ts';

it('moves every interface but those that an AWS service keeps to itself', () => {
  const instance = instanceWith({
    networkInterfaces: [
      interfaceWith({ id: 'eni-first' }),
      interfaceWith({ id: 'eni-of-aws', requesterManaged: true }),
      interfaceWith({ id: 'eni-second' }),
    ],
  });
  expect(movableInterfaces(instance).map((one) => one.id)).toEqual(['eni-first', 'eni-second']);
});
