import { randomUUID } from 'node:crypto';
import type { AwsRequest, Protocol } from './aws-request.ts';

/** An answer as it goes on the wire. */
export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: string;
}

interface AwsError {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

type AnsweredFault = 'throttle' | 'server-error' | 'denied' | 'expired';

const ERRORS: Record<AnsweredFault, Record<Protocol, AwsError>> = {
  throttle: {
    ec2: { status: 503, code: 'RequestLimitExceeded', message: 'Request limit exceeded.' },
    query: { status: 400, code: 'Throttling', message: 'Rate exceeded' },
    json: { status: 400, code: 'ThrottlingException', message: 'Rate exceeded' },
    rest: { status: 429, code: 'TooManyRequestsException', message: 'Rate exceeded' },
    s3: { status: 503, code: 'SlowDown', message: 'Please reduce your request rate.' },
  },
  'server-error': {
    ec2: { status: 500, code: 'InternalError', message: 'An internal error has occurred' },
    query: { status: 500, code: 'InternalFailure', message: 'An internal error has occurred' },
    json: { status: 500, code: 'InternalServerError', message: 'An internal error has occurred' },
    rest: { status: 500, code: 'ServiceException', message: 'An internal error has occurred' },
    s3: { status: 500, code: 'InternalError', message: 'We encountered an internal error.' },
  },
  denied: {
    ec2: {
      status: 403,
      code: 'UnauthorizedOperation',
      message: 'You are not authorized to perform this operation.',
    },
    query: { status: 403, code: 'AccessDenied', message: 'User is not authorized' },
    json: { status: 400, code: 'AccessDeniedException', message: 'User is not authorized' },
    rest: { status: 403, code: 'AccessDeniedException', message: 'User is not authorized' },
    s3: { status: 403, code: 'AccessDenied', message: 'Access Denied' },
  },
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html and the common
  // errors of the other services.
  expired: {
    ec2: { status: 400, code: 'RequestExpired', message: 'Request has expired.' },
    query: {
      status: 403,
      code: 'ExpiredToken',
      message: 'The security token included in the request is expired',
    },
    json: {
      status: 400,
      code: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    },
    rest: {
      status: 403,
      code: 'ExpiredTokenException',
      message: 'The security token included in the request is expired',
    },
    s3: { status: 400, code: 'ExpiredToken', message: 'The provided token has expired.' },
  },
};

/** An error as EC2 words it. */
export const ec2Error = (
  { status, code }: Pick<AwsError, 'status' | 'code'>,
  message: string,
): Answer => {
  const requestId = randomUUID();
  return {
    status,
    headers: { 'x-amzn-requestid': requestId, 'content-type': 'text/xml;charset=UTF-8' },
    body: `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors><RequestID>${requestId}</RequestID></Response>`,
  };
};

/** The error that AWS answers in the case of a fault, in the words and the form of the service. */
export const faultAnswer = (kind: AnsweredFault, request: AwsRequest): Answer => {
  const { status, code, message } = ERRORS[kind][request.protocol];
  const said = kind === 'denied' ? `${message} (${request.service}:${request.action})` : message;
  if (request.protocol === 'ec2') return ec2Error({ status, code }, said);
  const requestId = randomUUID();
  const headers = { 'x-amzn-requestid': requestId };
  if (request.protocol === 's3') {
    return {
      status,
      headers: { 'x-amz-request-id': requestId, 'content-type': 'application/xml' },
      body: `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${said}</Message><RequestId>${requestId}</RequestId></Error>`,
    };
  }
  if (request.protocol === 'query') {
    const side = status < 500 ? 'Sender' : 'Receiver';
    return {
      status,
      headers: { ...headers, 'content-type': 'text/xml' },
      body: `<ErrorResponse><Error><Type>${side}</Type><Code>${code}</Code><Message>${said}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
    };
  }
  return {
    status,
    headers: {
      ...headers,
      'content-type':
        request.protocol === 'json' ? 'application/x-amz-json-1.0' : 'application/json',
      'x-amzn-errortype': code,
    },
    body: JSON.stringify({ __type: code, message: said }),
  };
};
