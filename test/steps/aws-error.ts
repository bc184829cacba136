/** An error as the SDK throws it: the code is the name, the status stands in the metadata. */
export const awsError = (code: string, message = `${code} as AWS says it`, status = 400): Error =>
  Object.assign(new Error(message), { name: code, $metadata: { httpStatusCode: status } });

export const denied = (): Error =>
  awsError('UnauthorizedOperation', 'You are not authorized to perform this operation.', 403);

export const throttled = (): Error =>
  awsError('RequestLimitExceeded', 'Request limit exceeded.', 503);

/** The connection broke: nobody knows whether AWS did what it was asked. */
export const lostAnswer = (): Error =>
  Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });

/** EC2's answer to a rehearsal that would have been allowed. */
export const rehearsed = (): Error =>
  awsError('DryRunOperation', 'Request would have succeeded, but DryRun flag is set.', 412);
