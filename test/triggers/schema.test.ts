import { describe, expect, it, vi } from 'vitest';
import {
  accountIdSchema,
  instanceIdSchema,
  momentSchema,
  regionSchema,
} from '../../src/triggers/schema.ts';

describe('an instance id', () => {
  it('is taken with 8 or 17 digits, and nothing around it', () => {
    expect(instanceIdSchema.safeParse('i-0c0d0e0f0a0b0c0d1').success).toBe(true);
    expect(instanceIdSchema.safeParse('i-99999999').success).toBe(true);
    expect(instanceIdSchema.safeParse('i-0c0d0e0f0a0b0c0d1 ').success).toBe(false);
    expect(instanceIdSchema.safeParse(['i-99999999']).success).toBe(false);
  });
});

describe('an account id', () => {
  it('has twelve digits and is a text: as a number it would lose its zeros', () => {
    expect(accountIdSchema.safeParse('012345678901').success).toBe(true);
    expect(accountIdSchema.safeParse('12345678901').success).toBe(false);
    expect(accountIdSchema.safeParse(123456789012).success).toBe(false);
  });
});

describe('a Region', () => {
  it.each([
    'us-east-1',
    'eu-central-2',
    'ap-southeast-5',
    'mx-central-1',
    'cn-northwest-1',
    'us-gov-west-1',
    'us-isob-east-1',
    'eusc-de-east-1',
  ])('%s is one of AWS', (region) => {
    expect(regionSchema.safeParse(region).success).toBe(true);
  });

  it.each(['', 'global', 'us-east-1a', 'US-EAST-1', 'us_east_1', 'us-east-1\n', '../us-east-1'])(
    '"%s" is none',
    (region) => {
      expect(regionSchema.safeParse(region).success).toBe(false);
    },
  );
});

describe('a moment', () => {
  it.each([
    ['2026-11-20T02:57:41Z', '2026-11-20T02:57:41.000Z'],
    ['2026-11-20T02:57:41.123Z', '2026-11-20T02:57:41.123Z'],
    ['2026-11-20T03:57:41+01:00', '2026-11-20T02:57:41.000Z'],
    ['2019-10-02T17:04:40.989+0000', '2019-10-02T17:04:40.989Z'],
  ])('%s is told in UTC', (text, moment) => {
    expect(momentSchema.parse(text)).toBe(moment);
  });

  it.each([
    ['2025-02-25 20:40:06.721', '2025-02-25T20:40:06.721Z'],
    ['2025-02-25 20:40:06.000000000', '2025-02-25T20:40:06.000Z'],
  ])('%s, as attack sequences write it, is UTC on a laptop in Tokyo too', (text, moment) => {
    vi.stubEnv('TZ', 'Asia/Tokyo');
    try {
      expect(momentSchema.parse(text)).toBe(moment);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it.each(['', 'yesterday', '2026-13-41T00:00:00Z', '25:00'])('"%s" is none', (text) => {
    expect(momentSchema.safeParse(text).success).toBe(false);
  });
});
