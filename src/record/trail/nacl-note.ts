import type { AclEntry, NetworkAcl } from '../../case/network-acl.ts';
import { wholeTagValue } from './tag-value.ts';

/** On a network ACL: the numbers of the entries that deny for the case of one instance. */
export interface DenyNumbers {
  readonly ingress: readonly number[];
  readonly egress: readonly number[];
}

export const naclNoteTag = (instanceId: string): string => `cordon:nacl-deny:${instanceId}`;

const list = (numbers: readonly number[]): string => numbers.join(',') || '-';

/** `ingress=98,99 egress=-`; undefined where a tag cannot hold them. */
export const writeDenyNumbers = ({ ingress, egress }: DenyNumbers): string | undefined =>
  wholeTagValue(`ingress=${list(ingress)} egress=${list(egress)}`);

const pattern = /^ingress=([\d,]+|-) egress=([\d,]+|-)$/;

const numbersIn = (text: string): readonly number[] =>
  text === '-' ? [] : text.split(',').map(Number);

/** What the note says; no numbers for a value of another form. */
export const readDenyNumbers = (value: string): DenyNumbers => {
  const [, ingress = '-', egress = '-'] = pattern.exec(value) ?? [];
  return { ingress: numbersIn(ingress), egress: numbersIn(egress) };
};

/** Cordon denies one address all protocols; an entry of another kind is somebody else's. */
const canBeOurs = ({ allow, protocol, cidr }: AclEntry): boolean =>
  !allow && protocol === '-1' && /\/(?:32|128)$/.test(cidr);

/**
 * The entries that the note on an ACL says to be an instance's and that still stand. Whoever may tag
 * the ACL can name other numbers, so only entries that can be Cordon's count.
 */
export const notedDenies = (
  { entries, tags }: Pick<NetworkAcl, 'entries' | 'tags'>,
  instanceId: string,
  egress: boolean,
): readonly number[] => {
  const noted = readDenyNumbers(tags[naclNoteTag(instanceId)] ?? '');
  const numbers = egress ? noted.egress : noted.ingress;
  const standing = new Set(
    entries.filter((one) => one.egress === egress && canBeOurs(one)).map(({ number }) => number),
  );
  return [...new Set(numbers)].filter((number) => standing.has(number));
};
