import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { inProject } from '../../emulator/project.ts';
import { partitions } from '../../src/case/partition.ts';
import { consoles, instanceLink } from '../../src/notify/console-links.ts';
import { instanceId } from '../case/sample-before.ts';

// fault D8
it.each([
  ['eu-central-1', 'console.aws.amazon.com'],
  ['cn-north-1', 'console.amazonaws.cn'],
  ['us-gov-west-1', 'console.amazonaws-us-gov.com'],
  ['eusc-de-east-1', 'console.amazonaws-eusc.eu'],
  ['us-isob-east-1', 'console.sc2shome.sgov.gov'],
])('%s has its consoles at %s', (region, domain) => {
  const url = new URL(instanceLink(region, instanceId));
  expect(url.hostname).toBe(`${region}.${domain}`);
  expect(url.searchParams.get('region')).toBe(region);
  expect(url.hash).toContain(instanceId);
});

// fault D8
it('a Region of no partition known gets words, not the link of another partition', () => {
  expect(instanceLink('xx-moon-1', instanceId)).toBe(`the EC2 console: Instances, ${instanceId}`);
});

it('the template has the same consoles, of every partition', () => {
  const template = readFileSync(inProject('template.yaml'), 'utf8');
  const domains = Object.fromEntries(
    [...template.matchAll(/^ {4}(aws[a-z-]*): \{ Domain: (\S+) \}$/gm)].map(([, name, domain]) => [
      name,
      domain,
    ]),
  );
  expect(domains).toEqual(consoles);
  expect(Object.keys(domains).toSorted()).toEqual(Object.keys(partitions).toSorted());
});
