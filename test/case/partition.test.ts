import { expect, it } from 'vitest';
import { partitionOf } from '../../src/case/partition.ts';

it.each([
  ['eu-central-1', 'aws'],
  ['us-east-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['cn-northwest-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-gov-east-1', 'aws-us-gov'],
])('puts %s into %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});
