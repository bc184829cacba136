import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { FormerAddress } from '../../../src/case/former.ts';
import { readAddresses, writeAddresses } from '../../../src/record/trail/before-addresses.ts';
import { readBalancer, writeBalancer } from '../../../src/record/trail/before-balancer.ts';
import {
  readIdleTimeouts,
  writeIdleTimeouts,
} from '../../../src/record/trail/before-idle-timeouts.ts';
import { readMembership, writeMembership } from '../../../src/record/trail/before-membership.ts';
import { readProcesses, writeProcesses } from '../../../src/record/trail/before-processes.ts';
import { readProfile, writeProfile } from '../../../src/record/trail/before-profile.ts';
import { readProtect, writeProtect } from '../../../src/record/trail/before-protect.ts';
import { readTarget, writeTarget } from '../../../src/record/trail/before-target.ts';
import { readVolume, writeVolume } from '../../../src/record/trail/before-volume.ts';
import { readJournalLines, writeJournalLine } from '../../../src/record/trail/journal.ts';
import { readDenyNumbers, writeDenyNumbers } from '../../../src/record/trail/nacl-note.ts';
import { anyText } from '../../case/any-text.ts';
import { accountId, instanceId, region } from '../../case/sample-before.ts';

/** Every value that can be written is read back as it was; what others wrote is read, or is not. */

const optional = <Value>(key: string, values: fc.Arbitrary<Value>) =>
  fc.oneof(
    fc.constant({}),
    values.map((value) => ({ [key]: value })),
  );

const merged = (...parts: fc.Arbitrary<object>[]) =>
  fc.tuple(...parts).map((all) => Object.assign({}, ...all) as object);

const seconds = fc.integer({ min: 30, max: 432_000 });
const octet = fc.integer({ min: 0, max: 255 });
const address = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
const hex = (length: number) =>
  fc
    .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
    .map((digits) => digits.join(''));
const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 32_766 }), { maxLength: 15 });

const cases = [
  {
    what: 'protections',
    values: merged(
      optional('termination', fc.boolean()),
      optional('stop', fc.boolean()),
      optional('shutdownBehavior', fc.constantFrom('stop', 'terminate')),
      optional('metadataService', fc.constantFrom('enabled', 'disabled')),
    ),
    write: writeProtect,
    read: readProtect,
  },
  {
    what: 'idle timeouts',
    values: merged(
      optional('tcpEstablished', seconds),
      optional('udpStream', seconds),
      optional('udp', seconds),
    ),
    write: writeIdleTimeouts,
    read: readIdleTimeouts,
  },
  {
    what: 'the place in an Auto Scaling group, whatever its name',
    values: fc.record({
      groupName: anyText({ minLength: 1, maxLength: 255 }),
      lifecycleState: fc.constantFrom('InService', 'Standby', 'Terminating:Wait'),
      protectedFromScaleIn: fc.boolean(),
    }),
    write: writeMembership,
    read: readMembership,
  },
  {
    what: 'processes',
    values: fc.uniqueArray(fc.constantFrom('ReplaceUnhealthy', 'Terminate'), { minLength: 1 }),
    write: writeProcesses,
    read: readProcesses,
  },
  {
    what: 'registrations',
    values: merged(
      hex(16).map((id) => ({
        targetGroupArn: `arn:aws:elasticloadbalancing:${region}:${accountId}:targetgroup/web-1/${id}`,
      })),
      fc.record({
        targetId: fc.oneof(fc.constant(instanceId), address, fc.constant('2001:db8::10')),
        port: fc.integer({ min: 1, max: 65_535 }),
        viaAutoScaling: fc.boolean(),
      }),
      optional('zone', fc.constantFrom('all', 'us-east-1a')),
    ),
    write: writeTarget,
    read: (value: string) => readTarget(value, { accountId, region }),
  },
  {
    what: 'names of classic load balancers',
    values: fc.constantFrom('a', 'web-1', 'l'.repeat(32)),
    write: writeBalancer,
    read: readBalancer,
  },
  {
    what: 'instance profiles',
    values: fc.constantFrom(
      'arn:aws:iam::111122223333:instance-profile/web',
      'arn:aws-us-gov:iam::111122223333:instance-profile/a,b/$(x)/web',
    ),
    write: writeProfile,
    read: readProfile,
  },
  {
    what: 'volumes, whatever the name of the device',
    values: fc.record({
      device: anyText({ minLength: 1, maxLength: 40 }),
      deleteOnTermination: fc.boolean(),
    }),
    write: writeVolume,
    read: readVolume,
  },
  {
    what: 'addresses',
    values: fc.array(
      fc.oneof(
        fc.record({ allocationId: hex(17).map((id) => `eipalloc-${id}`), privateAddress: address }),
        fc.record({ automatic: address }),
      ) as fc.Arbitrary<FormerAddress>,
      { minLength: 1, maxLength: 8 },
    ),
    write: writeAddresses,
    read: readAddresses,
  },
  {
    what: 'numbers of network ACL entries',
    values: fc.record({ ingress: numbers, egress: numbers }),
    write: writeDenyNumbers,
    read: readDenyNumbers,
  },
] as const;

// fault B1
// fault T4
describe.each(cases)('The tag for $what', ({ values, write, read }) => {
  const encode = write as (value: unknown) => string | undefined;
  const decode = read as (text: string) => unknown;

  it('is read back as it was written, or was not written at all', () => {
    fc.assert(
      fc.property(values as fc.Arbitrary<unknown>, (value) => {
        const text = encode(value);
        if (text === undefined) return;
        expect(text.length).toBeLessThanOrEqual(256);
        expect(decode(text)).toEqual(value);
      }),
    );
  });

  it('says the same again where it can be read, whoever wrote it', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 300 }), (text) => {
        const value = decode(text);
        if (value === undefined) return;
        const again = encode(value);
        if (again !== undefined) expect(decode(again)).toEqual(value);
      }),
    );
  });
});

it('Older trails, whose protections end with the metadata service or without it, are read', () => {
  expect(readProtect('term=0 stop=1 shutdown=terminate')).toEqual({
    termination: false,
    stop: true,
    shutdownBehavior: 'terminate',
  });
});

describe('The journal', () => {
  const line = (key: string, value: string, of = 'this') =>
    writeJournalLine({ at: '2026-03-01T03:00:00.000Z', case: of, resource: 'eni-1', key, value });

  it('keeps what it was told first: it was before', () => {
    const text = `${line('k', 'one')}${line('k', 'two')}${line('other', 'three', 'another')}`;
    expect(readJournalLines(text, 'this')).toEqual({ 'eni-1': { k: 'one' } });
  });

  it('loses only the line that a kill has cut off', () => {
    const text = `${line('k', 'one')}${line('l', 'two').slice(0, 30)}`;
    expect(readJournalLines(text, 'this')).toEqual({ 'eni-1': { k: 'one' } });
  });

  it('holds any value on one line', () => {
    fc.assert(
      fc.property(anyText({ maxLength: 100 }), (value) => {
        const written = line('k', value);
        expect(written.trimEnd()).not.toContain('\n');
        expect(readJournalLines(written, 'this')['eni-1']?.k).toBe(value);
      }),
    );
  });
});
