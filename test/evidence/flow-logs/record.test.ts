import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { flowLogFields } from '../../../src/case/flow-log.ts';
import { readDelivered, readRecords } from '../../../src/evidence/flow-logs/record.ts';
import { fileOf, flow, hostAddress, interfaceId, nothing, zipped } from './generated-records.ts';

const peer = '203.0.113.5';

describe('A file of flow log records', () => {
  it('is read by the names in its first line, in whatever order the fields stand', () => {
    const records = [flow(1_000, 'egress', peer), nothing(1_060)];
    const straight = readRecords(fileOf(records));
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...flowLogFields], { minLength: flowLogFields.length }),
        (fields) => {
          expect(readRecords(fileOf(records, fields))).toEqual(straight);
        },
      ),
    );
    expect(straight).toMatchObject({
      unreadable: 0,
      records: [
        {
          ...{ interfaceId, start: 1_000, end: 1_030, status: 'OK' },
          flow: {
            ...{ accepted: true, protocol: 6, bytes: 840, direction: 'egress' },
            source: { address: hostAddress, port: 51_514 },
            destination: { address: peer, port: 443 },
          },
        },
        { interfaceId, start: 1_060, end: 1_119, status: 'NODATA' },
      ],
    });
  });

  it('says which address the packet bore, not the one that the interface shows for it', () => {
    const secondary = flow(1_000, 'ingress', peer, { 'pkt-dstaddr': '10.0.1.99' });
    const [record] = readRecords(fileOf([secondary])).records;
    expect(record?.flow?.destination.address).toBe('10.0.1.99');
  });

  it.each([
    ['an action that AWS does not know', { action: 'ALLOWED' }],
    ['an address that is none', { 'pkt-srcaddr': '-', srcaddr: '10.0.0.256' }],
    ['an interface that is none', { 'interface-id': 'eni-0; rm -rf' }],
    ['a start that is no number', { start: '1e9' }],
    ['an end before its start', { end: 900 }],
    ['a time in the far future', { start: 99_999_999_999, end: 99_999_999_999 }],
    ['a protocol beyond the byte', { protocol: 256 }],
    ['a status that AWS does not know', { 'log-status': 'FINE' }],
  ])('counts a line with %s, and believes nothing of it', (_, spoiled) => {
    const text = fileOf([flow(1_000, 'egress', peer, spoiled), nothing(1_060)]);
    expect(readRecords(text)).toMatchObject({ records: [{ status: 'NODATA' }], unreadable: 1 });
  });

  it('skips a line that was cut short, and keeps the others', () => {
    const text = fileOf([flow(1_000, 'egress', peer), flow(1_060, 'egress', peer)]);
    const cut = text.trimEnd().slice(0, -40);
    expect(readRecords(cut)).toMatchObject({ records: [{ start: 1_000 }], unreadable: 1 });
  });

  it('invents nothing, whatever stands in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.string()), (junk, lines) => {
        const { records } = readRecords([junk, ...lines].join('\n'));
        expect(records).toEqual([]);
        const beside = fileOf([flow(1_000, 'egress', peer)]) + lines.join('\n');
        expect(readRecords(beside).records).toHaveLength(1);
      }),
    );
  });

  it('is one that nobody can read where it is no gzip', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(readDelivered(bytes)).toEqual({ records: [], unreadable: 1 });
      }),
    );
    expect(readDelivered(zipped(fileOf([nothing(1_000)])))).toMatchObject({ unreadable: 0 });
  });

  it('does not fill the memory of the function with a file that swells', () => {
    expect(readDelivered(zipped('-'.repeat(101_000_000)))).toEqual({ records: [], unreadable: 1 });
  });
});
