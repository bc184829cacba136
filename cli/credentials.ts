import { oneLine } from '../src/case/one-line.ts';
import { CredentialsMissingError } from './input-errors.ts';

/** Any client of the SDK. */
interface Client {
  readonly config: { readonly credentials: () => Promise<unknown> };
}

/**
 * Looks for credentials before anything is begun. The client keeps what it finds, so that its first
 * call does not look again.
 *
 * @throws CredentialsMissingError when the SDK finds none, in one sentence.
 */
export const requireCredentials = async (
  client: Client,
  profile = process.env.AWS_PROFILE,
): Promise<void> => {
  try {
    await client.config.credentials();
  } catch (error) {
    const words = oneLine(error instanceof Error ? error.message : String(error)).slice(0, 300);
    const where =
      profile === undefined ? '' : ` in the AWS profile "${oneLine(profile).slice(0, 100)}"`;
    throw new CredentialsMissingError(
      `No AWS credentials were found${where}, and nothing was begun: log in or name a profile with --profile. The SDK says: ${words}`,
      { cause: error },
    );
  }
};
