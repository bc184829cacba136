import { maximumValueLength } from '../tag-value.ts';
import { readCovered, writeCovered } from './covered-keys.ts';

/** Stands for a record that is not kept. */
export const noHead = '0'.repeat(16);

/** As much of the head of a record as a seal has room for. */
export const headInSeal = (head: string | undefined): string => head?.slice(0, 16) ?? noHead;

/** What the tag of a seal says. */
export interface Seal {
  readonly run: string;
  readonly seq: number;
  readonly issuedAt: string;
  readonly head: string;
  /** The keys of the tags that it covers. */
  readonly covered: readonly string[];
  /** The signature in DER, in base64. */
  readonly signature: string;
}

/** `v1 <run> <seq> <issuedAt> <head> <codes of the covered keys> <signature>` */
export const writeSeal = ({ run, seq, issuedAt, head, covered, signature }: Seal): string =>
  ['v1', run, seq, issuedAt, head, writeCovered(covered), signature].join(' ');

const pattern =
  /^v1 ([0-9a-z-]{1,16}) ([1-9]\d{0,8}) (\d{8}T\d{6}Z) ([0-9a-f]{16}) ([A-Za-z0-9.-]{1,128}) ([A-Za-z0-9+/]{88,96}={0,2})$/;

/** What the tag says; undefined for a value of another form. */
export const readSeal = (value: string): Seal | undefined => {
  const [, run, seq, issuedAt, head, codes, signature] = pattern.exec(value) ?? [];
  const covered = readCovered(codes ?? '');
  if (run === undefined || issuedAt === undefined || head === undefined) return undefined;
  if (covered === undefined || signature === undefined) return undefined;
  return { run, seq: Number(seq), issuedAt, head, covered, signature };
};

/** An ECDSA signature over P-256 has at most 72 bytes in DER: 96 characters of base64. */
const longestSignature = 96;

/**
 * The keys that find room in the tag, in their order: with very many registrations of broken
 * numbering the last ones stay uncovered.
 */
export const fittingKeys = (
  keys: readonly string[],
  fixed: Omit<Seal, 'covered' | 'signature'>,
): readonly string[] => {
  const placeholder = 'x'.repeat(longestSignature);
  let covered = keys;
  while (
    covered.length > 0 &&
    writeSeal({ ...fixed, covered, signature: placeholder }).length > maximumValueLength
  ) {
    covered = covered.slice(0, -1);
  }
  return covered;
};
