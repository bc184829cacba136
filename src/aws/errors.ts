import {
  AwsDeniedError,
  AwsRefusedError,
  AwsUnavailableError,
  CordonError,
} from '../case/errors.ts';

/** The error's code as AWS names it; the SDK puts it into `name`. */
export const codeOf = (error: unknown): string =>
  error instanceof Error ? error.name : String(error);

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

const deniedCodes = new Set([
  'UnauthorizedOperation',
  'AccessDenied',
  'AccessDeniedException',
  'AuthFailure',
  'AuthorizationError',
  'AuthorizationErrorException',
  'KMSAccessDenied',
  'KMSAccessDeniedException',
]);

/** True when AWS refused for want of permission. */
export const isDenied = (error: unknown): boolean => deniedCodes.has(codeOf(error));

const busyCodes =
  /^(?:Throttling(?:Exception)?|Throttled(?:Exception)?|RequestLimitExceeded|RequestThrottled(?:Exception)?|TooManyRequestsException|SlowDown|ResourceContention(?:Fault)?|Internal(?:Error|Failure)|InternalServerError|ServiceUnavailable|Unavailable|TimeoutError|RequestTimeout(?:Exception)?|AbortError|ECONN.*|EPIPE|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|NetworkingError)$/;

const statusOf = (error: unknown): number | undefined => {
  if (typeof error !== 'object' || error === null || !('$metadata' in error)) return undefined;
  const metadata = error.$metadata;
  return typeof metadata === 'object' && metadata !== null && 'httpStatusCode' in metadata
    ? Number(metadata.httpStatusCode)
    : undefined;
};

/** True when the same call may succeed later: throttled, 5xx, no answer. */
export const isUnavailable = (error: unknown): boolean => {
  if (isDenied(error)) return false;
  const systemCode =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
  return (
    busyCodes.test(codeOf(error)) || busyCodes.test(systemCode) || (statusOf(error) ?? 0) >= 500
  );
};

/** `UnauthorizedOperation: You are not authorized …`, on one line, at most 500 characters. */
export const inWords = (error: unknown): string => {
  const message = messageOf(error).replace(/\s+/g, ' ').trim();
  const code = codeOf(error);
  const words =
    error instanceof CordonError || message.startsWith(code) ? message : `${code}: ${message}`;
  return words.length > 500 ? `${words.slice(0, 499)}…` : words;
};

/**
 * Any error as one with a literal name that the state machine can match: Cordon's own as they
 * are, AWS's as unavailable (worth repeating), denied, or refused.
 */
export const asCordonError = (error: unknown, doing: string): CordonError => {
  if (error instanceof CordonError) return error;
  const message = `${doing} failed: ${inWords(error)}`;
  if (isDenied(error)) {
    return new AwsDeniedError(`${message} Allow the call in the policy of the role.`, {
      cause: error,
    });
  }
  if (isUnavailable(error)) return new AwsUnavailableError(message, { cause: error });
  return new AwsRefusedError(message, { cause: error });
};
