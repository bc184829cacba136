import { describe, expect, it, vi } from 'vitest';

/** The function as Lambda loads it: with a Region, and nothing else that it could reach. */
const load = async () => {
  vi.stubEnv('AWS_REGION', 'eu-central-1');
  vi.stubEnv('MODE', 'contain');
  vi.stubEnv('POWERTOOLS_LOG_LEVEL', 'SILENT');
  return (await import('../../handlers/drift.ts')).handler;
};

describe('the drift function', () => {
  it('refuses what it was not made for by a name, and hands no stack to Step Functions', async () => {
    const handler = await load();
    const error: unknown = await handler({ drift: 'everything' }).catch((one: unknown) => one);
    expect(error).toMatchObject({ name: 'UnintelligibleEventError' });
    expect((error as Error).stack ?? '').not.toMatch(/\n\s+at /);
  });

  it('has nothing to do when an instance becomes pending', async () => {
    const handler = await load();
    const event = {
      'detail-type': 'EC2 Instance State-change Notification',
      time: '2026-03-01T03:06:00Z',
      detail: { 'instance-id': 'i-0123456789abcdef0', state: 'pending' },
    };
    expect(await handler(event)).toEqual({ checked: [] });
  });
});
