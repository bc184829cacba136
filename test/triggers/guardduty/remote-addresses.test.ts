import { expect, it } from 'vitest';
import { sampleEvent } from '../../../emulator/follow/finding.ts';
import { onlyRequest } from '../only-request.ts';

const now = new Date('2026-11-20T03:00:00.000Z');

it('remembers the address on the other side, so that the way to it is judged too', () => {
  const event = sampleEvent('guardduty-command-and-control', 'i-0c0d0e0f0a0b0c0d1', now);
  expect(onlyRequest(event, now).trigger.remoteAddresses).toEqual(['198.51.100.77']);
});

it('has none where the finding is about a domain', () => {
  const event = sampleEvent('guardduty-crypto-mining', 'i-0c0d0e0f0a0b0c0d1', now);
  expect(onlyRequest(event, now).trigger.remoteAddresses).toBeUndefined();
});
