import type { SSMClient } from '@aws-sdk/client-ssm';
import { DescribeDocumentCommand, GetDocumentCommand } from '@aws-sdk/client-ssm';
import { defined } from '../case/defined.ts';
import type { CordonError } from '../case/errors.ts';
import { contentDigest } from './document-digest.ts';

export const pinPermissions = ['ssm:GetDocument', 'ssm:DescribeDocument'] as const;

const digestOf = (content: string | undefined): string | undefined => {
  try {
    return contentDigest(content ?? '');
  } catch {
    return undefined;
  }
};

/**
 * Reads a document and compares it with the one that this code was tested with: whoever may change
 * documents would otherwise run what he likes on a host, in Cordon's name.
 *
 * @param digest of the content that was tested (document-digest.ts).
 * @param Changed the error that is thrown when it says something else.
 * @returns the hash by which Systems Manager knows that very version.
 */
export const readPin = async (
  ssm: SSMClient,
  name: string,
  digest: string,
  Changed: new (message: string) => CordonError,
): Promise<{ readonly documentHash?: string }> => {
  const { Content, DocumentVersion } = await ssm.send(
    new GetDocumentCommand({ Name: name, DocumentFormat: 'JSON' }),
  );
  if (digestOf(Content) !== digest) {
    throw new Changed(
      `The document ${name} is not the one that this version of Cordon was tested with, and was not sent. Deploy the stack again; if it is of this version already, find out who has changed the document.`,
    );
  }
  const { Document } = await ssm.send(
    new DescribeDocumentCommand({ Name: name, ...defined({ DocumentVersion }) }),
  );
  return Document?.HashType === 'Sha256' ? defined({ documentHash: Document.Hash }) : {};
};
