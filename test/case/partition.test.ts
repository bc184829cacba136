import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { partitionOf, partitions } from '../../src/case/partition.ts';

/** What the SDK that Cordon uses knows of partitions; it is none of its public interfaces. */
const sdkData = (): string => {
  const sdk = createRequire(createRequire(import.meta.url).resolve('@aws-sdk/client-ec2'));
  const core = join(sdk.resolve('@aws-sdk/core/package.json'), '..');
  return readFileSync(
    join(core, 'dist-es/submodules/client/util-endpoints/lib/aws/partitions.js'),
    'utf8',
  );
};

describe('the partition of a Region', () => {
  // fault D8
  it.each([
    ['eu-central-1', 'aws'],
    ['us-east-1', 'aws'],
    ['mx-central-1', 'aws'],
    ['cn-north-1', 'aws-cn'],
    ['cn-northwest-1', 'aws-cn'],
    ['us-gov-west-1', 'aws-us-gov'],
    ['eusc-de-east-1', 'aws-eusc'],
    ['us-iso-east-1', 'aws-iso'],
    ['us-isob-east-1', 'aws-iso-b'],
    ['eu-isoe-west-1', 'aws-iso-e'],
    ['us-isof-south-1', 'aws-iso-f'],
  ])('of %s is %s', (region, partition) => {
    expect(partitionOf(region)).toBe(partition);
  });

  // fault D8
  it.each(['xx-moon-1', 'us-isog-east-1', 'unknown', '', 'us-east-1.evil.example'])(
    'of "%s" is none that is known, not the commercial one',
    (region) => {
      expect(partitionOf(region)).toBeUndefined();
    },
  );

  it('is the same as the SDK finds, and no partition of the SDK is missing', () => {
    const data = sdkData();
    const regions = [...data.matchAll(/"([a-z]{2,4}(?:-[a-z]+)+-\d)": \{/g)].map(
      ([, one = '']) => one,
    );
    expect(regions.length).toBeGreaterThan(35);
    expect(regions.filter((region) => partitionOf(region) === undefined)).toEqual([]);
    const ids = [...data.matchAll(/"?id"?: "(aws[a-z-]*)"/g)].map(([, id]) => id);
    expect(ids.toSorted()).toEqual(Object.keys(partitions).toSorted());
  });
});
