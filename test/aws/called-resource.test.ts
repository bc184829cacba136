import { expect, it } from 'vitest';
import { calledResource } from '../../src/aws/called-resource.ts';

it.each([
  [{ NetworkInterfaceId: 'eni-1', Groups: ['sg-1'] }, 'eni-1'],
  [{ InstanceSpecification: { InstanceId: 'i-1' } }, 'i-1'],
  [{ Resources: ['i-1', 'vol-1'], Tags: [] }, 'i-1 vol-1'],
  [{ InstanceIds: ['a', 'b', 'c', 'd', 'e', 'f', 'g'] }, 'a b c d e and 2 more'],
  [{ Filters: [{ Name: 'vpc-id', Values: ['vpc-1'] }] }, undefined],
  [{ NetworkInterfaceId: '' }, undefined],
  [null, undefined],
])('of the input %j is %j', (input, resource) => {
  expect(calledResource(input)).toBe(resource);
});
