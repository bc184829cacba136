/**
 * Errors that no policy of the caller's can mend: AWS does not know who asks, or does not serve the
 * account there (https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html,
 * https://docs.aws.amazon.com/STS/latest/APIReference/CommonErrors.html).
 */
const expired =
  'The credentials have expired: renew them (sign in again, or take a new session), then run Cordon again.';

const late =
  'The request was too old when AWS saw it, or its credentials have expired: set the clock of this machine, renew the credentials, then run Cordon again.';

const unknownCaller =
  'AWS does not accept these credentials, whatever the policies say: see who is asking with "aws sts get-caller-identity", and check that the access key is active and that this Region is enabled in the account.';

const badSignature =
  'AWS does not accept the signature: check the secret access key, the session token and the clock of this machine.';

const notServed =
  'AWS does not serve this account here, whatever the policies say: enable the Region in the account, or let its owner settle with AWS Support what the account lacks.';

const remedies: Readonly<Record<string, string>> = {
  ExpiredToken: expired,
  ExpiredTokenException: expired,
  TokenRefreshRequired: expired,
  RequestExpired: late,
  AuthFailure: unknownCaller,
  InvalidClientTokenId: unknownCaller,
  InvalidAccessKeyId: unknownCaller,
  UnrecognizedClientException: unknownCaller,
  MissingAuthenticationToken: unknownCaller,
  MissingAuthenticationTokenException: unknownCaller,
  // The SDK found no credentials, or could not fetch them.
  CredentialsProviderError: unknownCaller,
  TokenProviderError: expired,
  SignatureDoesNotMatch: badSignature,
  IncompleteSignature: badSignature,
  IncompleteSignatureException: badSignature,
  InvalidSignatureException: badSignature,
  OptInRequired: notServed,
  SubscriptionRequiredException: notServed,
  PendingVerification: notServed,
  Blocked: notServed,
};

/** What to do where AWS does not accept the caller; undefined for any other error code. */
export const credentialRemedy = (code: string): string | undefined =>
  Object.hasOwn(remedies, code) ? remedies[code] : undefined;
