import { gzipSync } from 'node:zlib';
import { flowLogFields, recordsFolder } from '../../../src/case/flow-log.ts';

/** What a test says of a record; the rest is as AWS fills it. */
export type Told = Readonly<Record<string, string | number>>;

export const interfaceId = 'eni-0123456789abcdef0';
export const hostAddress = '10.0.1.5';

/** One line in a format, with a dash where nothing is told. */
export const lineOf = (told: Told, fields: readonly string[] = flowLogFields): string =>
  fields.map((field) => String(told[field] ?? '-')).join(' ');

/** A file as AWS delivers it: the names first, then a record on each line. */
export const fileOf = (
  records: readonly Told[],
  fields: readonly string[] = flowLogFields,
): string => `${[fields.join(' '), ...records.map((one) => lineOf(one, fields))].join('\n')}\n`;

export const zipped = (text: string): Uint8Array => gzipSync(Buffer.from(text));

const about = (start: number, end: number): Told => ({
  version: 10,
  'account-id': '111122223333',
  'interface-id': interfaceId,
  'vpc-id': 'vpc-0a1b2c3d4e5f60718',
  'subnet-id': 'subnet-0a1b2c3d4e5f60718',
  'instance-id': 'i-0123456789abcdef0',
  type: 'IPv4',
  region: 'eu-central-1',
  start,
  end,
  'log-status': 'OK',
});

/** A packet that the host sends, or with `ingress` one that it gets. */
export const flow = (
  start: number,
  direction: 'ingress' | 'egress',
  peer: string,
  more: Told = {},
): Told => {
  const leaves = direction === 'egress';
  const source = leaves ? hostAddress : peer;
  const destination = leaves ? peer : hostAddress;
  return {
    ...about(start, start + 30),
    srcaddr: source,
    dstaddr: destination,
    'pkt-srcaddr': source,
    'pkt-dstaddr': destination,
    srcport: leaves ? 51_514 : 443,
    dstport: leaves ? 443 : 51_514,
    protocol: 6,
    packets: 10,
    bytes: 840,
    action: 'ACCEPT',
    'flow-direction': direction,
    ...more,
  };
};

export const nothing = (start: number, seconds = 59, status = 'NODATA'): Told => ({
  ...about(start, start + seconds),
  'log-status': status,
});

/** Where AWS puts a file of a case. */
export const deliveredKey = (
  theCase: { readonly accountId: string; readonly region: string; readonly caseId: string },
  number: number,
  flowLogId = 'fl-00000000000000000',
): string =>
  `${recordsFolder(theCase)}2026/03/01/${theCase.accountId}_vpcflowlogs_${theCase.region}_${flowLogId}_20260301T03${String(10 + number)}Z_0a1b2c3d.log.gz`;
