import { randomUUID } from 'node:crypto';
import type { AwsRequest } from './aws-request.ts';
import type { Answer } from './fault-answers.ts';

const answer = (contentType: string, body: string): Answer => ({
  status: 200,
  headers: { 'x-amzn-requestid': randomUUID(), 'content-type': contentType },
  body,
});

const jsonTypes = { json: 'application/x-amz-json-1.0', rest: 'application/json' } as const;

/** A good answer that holds nothing. */
export const emptyAnswer = ({ protocol, action }: AwsRequest): Answer =>
  protocol === 'json' || protocol === 'rest'
    ? answer(jsonTypes[protocol], '{}')
    : answer(
        'text/xml',
        `<${action}Response><requestId>${randomUUID()}</requestId></${action}Response>`,
      );

/** A good answer that ends in its middle. */
export const cutAnswer = ({ protocol, action }: AwsRequest): Answer =>
  protocol === 'json' || protocol === 'rest'
    ? answer(jsonTypes[protocol], '{"')
    : answer('text/xml', `<${action}Response><requestId>${randomUUID()}</requestId><item><`);
