import { defined } from '../../case/defined.ts';

/**
 * The first 4,096 bytes of the volume: 32 lines of 128 bytes, each `key: value` filled up with blanks
 * and ended by a line feed, so that `dd if=<device> bs=4096 count=1` shows them to a person. The
 * image begins at the second block. Cordon writes the header before the volume exists; the script on
 * the host writes it again, so whatever is read back is the host's claim.
 */
const lineBytes = 128;
const lines = 32;

export const headerBytes = lineBytes * lines;

export const magic = 'CORDON-MEMORY 1';

const states = ['blank', 'writing', 'complete'] as const;

/** What Cordon knows before the volume exists. */
export interface Origin {
  readonly caseId: string;
  readonly instanceId: string;
  /** 32 random bytes, hexadecimal. */
  readonly nonce: string;
  /** Of the volume, in bytes. */
  readonly volumeBytes: number;
}

/** The header as read back: what the host claims about the image. */
export interface Header extends Origin {
  readonly state: (typeof states)[number];
  readonly tool?: string;
  readonly toolSha256?: string;
  readonly source?: string;
  readonly kernel?: string;
  readonly startedAt?: string;
  readonly finishedAt?: string;
  /** Of the image, in bytes. */
  readonly length?: number;
  readonly imageSha256?: string;
}

const hexadecimal = /^[0-9a-f]{64}$/;
const wholeNumber = /^(?:0|[1-9][0-9]{0,15})$/;
const moment = /^20[0-9]{2}-[01][0-9]-[0-3][0-9]T[0-2][0-9]:[0-5][0-9]:[0-6][0-9]Z$/;

/** The keys in their order, each with what its value may be; the script writes the same. */
const fields = [
  ['case', /^[A-Za-z0-9_-]{1,110}$/],
  ['instance', /^i-[0-9a-f]{8,17}$/],
  ['nonce', hexadecimal],
  ['volume-bytes', wholeNumber],
  ['state', /^(?:blank|writing|complete)$/],
  ['tool', /^[A-Za-z0-9._+-]{1,64}$/],
  ['tool-sha256', hexadecimal],
  ['source', /^[A-Za-z0-9._/-]{1,64}$/],
  ['kernel', /^[A-Za-z0-9._+~-]{1,96}$/],
  ['started', moment],
  ['finished', moment],
  ['length', wholeNumber],
  ['image-sha256', hexadecimal],
] as const;

type Key = (typeof fields)[number][0];

/** How many of the keys are always there; the others the host writes. */
const known = 5;

const line = (text: string): string => `${text.padEnd(lineBytes - 1)}\n`;

/** The header of a volume that nobody has written to yet. */
export const blankHeader = ({ caseId, instanceId, nonce, volumeBytes }: Origin): Buffer => {
  const values = [caseId, instanceId, nonce, String(volumeBytes), 'blank'];
  const texts = fields.map(([key], index) => `${key}: ${values[index] ?? ''}`.trimEnd());
  return Buffer.from([magic, ...texts].map(line).join('').padEnd(headerBytes, line('')), 'latin1');
};

/** The value of a line that has this key, or undefined where it is not as such a line must be. */
const fieldOf = (text: string, index: number, key: Key): string | undefined => {
  const whole = text.slice(index * lineBytes, (index + 1) * lineBytes);
  const content = whole.trimEnd();
  if (whole !== line(content) || !content.startsWith(`${key}:`)) return undefined;
  const value = content.slice(key.length + 1);
  if (value === '') return '';
  return value.startsWith(' ') && value.length > 1 ? value.slice(1) : undefined;
};

const fitting = (text: string): Partial<Record<Key, string>> | undefined => {
  const values: Partial<Record<Key, string>> = {};
  for (const [index, [key, pattern]] of fields.entries()) {
    const value = fieldOf(text, index + 1, key);
    if (value === undefined || (value === '' && index < known)) return undefined;
    if (value === '') continue;
    if (!pattern.test(value)) return undefined;
    values[key] = value;
  }
  return values;
};

/**
 * The header that these bytes begin with, or undefined where it is not exactly as Cordon or its
 * script writes one: a compromised host may have written anything.
 */
export const readHeader = (bytes: Buffer): Header | undefined => {
  const text = bytes.subarray(0, headerBytes).toString('latin1');
  const rest = text.slice((fields.length + 1) * lineBytes);
  if (text.length !== headerBytes || !text.startsWith(line(magic))) return undefined;
  if (rest !== line('').repeat(lines - fields.length - 1)) return undefined;
  const values = fitting(text);
  const state = states.find((each) => each === values?.state);
  if (values === undefined || state === undefined) return undefined;
  const complete = fields.slice(known).every(([key]) => values[key] !== undefined);
  if (state === 'complete' && !complete) return undefined;
  return {
    caseId: values.case ?? '',
    instanceId: values.instance ?? '',
    nonce: values.nonce ?? '',
    volumeBytes: Number(values['volume-bytes']),
    state,
    ...defined({
      tool: values.tool,
      toolSha256: values['tool-sha256'],
      source: values.source,
      kernel: values.kernel,
      startedAt: values.started,
      finishedAt: values.finished,
      length: values.length === undefined ? undefined : Number(values.length),
      imageSha256: values['image-sha256'],
    }),
  };
};

/** True when the header is of this very volume: case, instance, nonce and size are as Cordon made it. */
export const isOf = (header: Header, origin: Origin): boolean =>
  header.caseId === origin.caseId &&
  header.instanceId === origin.instanceId &&
  header.nonce === origin.nonce &&
  header.volumeBytes === origin.volumeBytes;
