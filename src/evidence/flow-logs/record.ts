import { gunzipSync } from 'node:zlib';
import { familyOf } from '../../case/address.ts';

/** What one record says of one flow, as far as a measurement needs it. */
export interface FlowRecord {
  readonly interfaceId: string;
  /** In whole seconds since 1970; up to a minute after the packet went through. */
  readonly start: number;
  readonly end: number;
  /** Absent where there was no flow: in `NODATA` and `SKIPDATA`. */
  readonly flow?: Flow;
  readonly status: 'OK' | 'NODATA' | 'SKIPDATA';
}

export interface Flow {
  readonly accepted: boolean;
  readonly source: Endpoint;
  readonly destination: Endpoint;
  /** The number that IANA has assigned. */
  readonly protocol: number;
  readonly bytes: number;
  /** Absent where AWS does not say it. */
  readonly direction?: 'ingress' | 'egress';
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What an object of the store holds. */
export interface Delivered {
  readonly records: readonly FlowRecord[];
  /** Lines that are no records: cut short, or of somebody else's making. */
  readonly unreadable: number;
}

/** AWS delivers what a few minutes bring; more than this is not read into memory, in bytes. */
const mostBytes = 100_000_000;

type Line = ReadonlyMap<string, string>;

const wholeNumber = (text: string | undefined, most: number): number | undefined => {
  if (text === undefined || !/^\d{1,15}$/.test(text)) return undefined;
  const number = Number(text);
  return number <= most ? number : undefined;
};

/** The address that the packet bore, not the one that the interface shows for it. */
const endpointOf = (line: Line, side: 'src' | 'dst'): Endpoint | undefined => {
  const shown = [line.get(`pkt-${side}addr`), line.get(`${side}addr`)];
  const address = shown.find((one) => one !== undefined && familyOf(one) !== undefined);
  const port = wholeNumber(line.get(`${side}port`) ?? '0', 65_535);
  return address === undefined || port === undefined ? undefined : { address, port };
};

const directionOf = (line: Line): Flow['direction'] => {
  const direction = line.get('flow-direction');
  return direction === 'ingress' || direction === 'egress' ? direction : undefined;
};

const flowOf = (line: Line): Flow | undefined => {
  const action = line.get('action');
  const source = endpointOf(line, 'src');
  const destination = endpointOf(line, 'dst');
  const protocol = wholeNumber(line.get('protocol'), 255);
  const direction = directionOf(line);
  if (action !== 'ACCEPT' && action !== 'REJECT') return undefined;
  if (source === undefined || destination === undefined || protocol === undefined) return undefined;
  return {
    accepted: action === 'ACCEPT',
    source,
    destination,
    protocol,
    // A dash stands where AWS cannot say it.
    bytes: wholeNumber(line.get('bytes'), Number.MAX_SAFE_INTEGER) ?? 0,
    ...(direction === undefined ? {} : { direction }),
  };
};

const isInterface = (id: string | undefined): id is string =>
  id !== undefined && /^eni-[0-9a-f]{8,17}$/.test(id);

/** The year 2200: nothing that is later is a time. */
const latest = 7_258_118_400;

const recordOf = (line: Line): FlowRecord | undefined => {
  const interfaceId = line.get('interface-id');
  const start = wholeNumber(line.get('start'), latest);
  const end = wholeNumber(line.get('end'), latest);
  const status = line.get('log-status');
  if (!isInterface(interfaceId) || start === undefined || end === undefined || end < start) {
    return undefined;
  }
  if (status === 'NODATA' || status === 'SKIPDATA') return { interfaceId, start, end, status };
  const flow = status === 'OK' ? flowOf(line) : undefined;
  return flow === undefined ? undefined : { interfaceId, start, end, status: 'OK', flow };
};

/**
 * The records of a file, by the names in its first line, in whatever order they stand
 * (https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-s3-path.html). A line that is no record is
 * counted, never guessed at.
 */
export const readRecords = (text: string): Delivered => {
  const [header = '', ...lines] = text.split('\n');
  const names = header.trim().split(' ');
  const full = lines.filter((line) => line.trim() !== '');
  const records = full.flatMap((line) => {
    const values = line.trim().split(' ');
    if (values.length !== names.length) return [];
    return recordOf(new Map(names.map((name, at) => [name, values[at] ?? '-']))) ?? [];
  });
  return { records, unreadable: full.length - records.length };
};

/** The same of a file as AWS delivers it; one that is no gzip, or too large, is one line that nobody can read. */
export const readDelivered = (content: Uint8Array): Delivered => {
  try {
    return readRecords(gunzipSync(content, { maxOutputLength: mostBytes }).toString('utf8'));
  } catch {
    return { records: [], unreadable: 1 };
  }
};
