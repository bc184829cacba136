import {
  AwsCredentialsError,
  AwsDeniedError,
  AwsRefusedError,
  AwsUnavailableError,
  CordonError,
} from '../case/errors.ts';
import { oneLine } from '../case/one-line.ts';
import { credentialRemedy } from './credential-errors.ts';

/** The error's code as AWS names it; the SDK puts it into `name`. */
export const codeOf = (error: unknown): string =>
  error instanceof Error ? error.name : String(error);

/** What the SDK adds for programmers to the message of an answer that it could not read. */
const sdkHint = /\s*Deserialization error: to see the raw response.*$/s;

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(sdkHint, '') : String(error);

const deniedCodes = new Set([
  'UnauthorizedOperation',
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'KMSAccessDenied',
  'KMSAccessDeniedException',
]);

/** True when AWS does not accept the caller's credentials, or does not serve the account. */
export const isCredentialTrouble = (error: unknown): boolean =>
  error instanceof AwsCredentialsError || credentialRemedy(codeOf(error)) !== undefined;

/** True when AWS refused who asks, by policy or by credentials: repeating does not help. */
export const isDenied = (error: unknown): boolean =>
  deniedCodes.has(codeOf(error)) || isCredentialTrouble(error);

const busyCodes =
  /^(?:Throttling(?:Exception)?|Throttled(?:Exception)?|RequestLimitExceeded|RequestThrottled(?:Exception)?|TooManyRequestsException|SlowDown|ResourceContention(?:Fault)?|Internal(?:Error|Failure)|InternalServerError|ServiceUnavailable|Unavailable|TimeoutError|RequestTimeout(?:Exception)?|AbortError|ECONN.*|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|NetworkingError)$/;

const statusOf = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
    ? Number(metadata.httpStatusCode)
    : undefined;
};

/**
 * True when AWS answered and the SDK could not read the answer: cut short, of another shape, or not
 * from AWS at all. A change may have been made. The SDK keeps the raw response on every error that
 * it makes of an answer, and names whose fault it was (`$fault`) on those that it could read.
 */
export const isUnreadableAnswer = (error: unknown): boolean =>
  error instanceof Error && '$response' in error && !('$fault' in error);

/** True when the same call may succeed later: throttled, 5xx, no answer, an unreadable one. */
export const isUnavailable = (error: unknown): boolean => {
  if (isDenied(error)) return false;
  if (isUnreadableAnswer(error)) return true;
  const systemCode =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    busyCodes.test(codeOf(error)) || busyCodes.test(systemCode) || (statusOf(error) ?? 0) >= 500
  );
};

/** The code before the words, unless they begin with it or are Cordon's own. */
const withCode = (error: unknown, message: string): string => {
  if (isUnreadableAnswer(error)) return `the answer of AWS could not be read: ${message}`;
  const code = codeOf(error);
  return error instanceof CordonError || message.startsWith(code) ? message : `${code}: ${message}`;
};

/** `UnauthorizedOperation: You are not authorized …`, on one line, at most 500 characters. */
export const inWords = (error: unknown): string => {
  const words = withCode(error, oneLine(messageOf(error)));
  return words.length > 500 ? `${words.slice(0, 499)}…` : words;
};

/**
 * Any error as one with a literal name that the state machine can match: Cordon's own as they
 * are, AWS's as unavailable (worth repeating), denied, of credentials that it does not accept, or
 * refused.
 */
export const asCordonError = (error: unknown, doing: string): CordonError => {
  if (error instanceof CordonError) return error;
  const message = `${doing} failed: ${inWords(error)}`;
  const remedy = credentialRemedy(codeOf(error));
  if (remedy !== undefined)
    return new AwsCredentialsError(`${message} ${remedy}`, { cause: error });
  if (isDenied(error)) {
    return new AwsDeniedError(`${message} Allow the call in the policy of the role.`, {
      cause: error,
    });
  }
  if (isUnavailable(error)) return new AwsUnavailableError(message, { cause: error });
  return new AwsRefusedError(message, { cause: error });
};
