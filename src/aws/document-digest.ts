import { createHash } from 'node:crypto';

const inOrder = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, one]) => [key, inOrder(one)]),
  );
};

/**
 * SHA-256 over what a document says, in hexadecimal: CloudFormation writes the JSON of a template's
 * document anew, so that the order of its keys and its spaces say nothing.
 *
 * @throws SyntaxError for what is no JSON.
 */
export const contentDigest = (content: string): string =>
  createHash('sha256')
    .update(JSON.stringify(inOrder(JSON.parse(content))))
    .digest('hex');
