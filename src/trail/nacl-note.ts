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
