import { expect, it } from 'vitest';
import { instanceLink, snapshotsLink } from '../../src/notify/console-links.ts';
import { instanceId } from '../case/sample-before.ts';

it.each([
  ['eu-central-1', 'console.aws.amazon.com'],
  ['cn-north-1', 'console.amazonaws.cn'],
  ['us-gov-west-1', 'console.amazonaws-us-gov.com'],
])('%s has its consoles at %s', (region, domain) => {
  const links = [instanceLink(region, instanceId), snapshotsLink(region, instanceId)];
  for (const link of links) {
    const url = new URL(link);
    expect(url.hostname.endsWith(domain)).toBe(true);
    expect(url.searchParams.get('region')).toBe(region);
    expect(url.hash).toContain(instanceId);
  }
});
