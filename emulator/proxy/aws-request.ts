import type { IncomingHttpHeaders } from 'node:http';
import { defined } from '../../src/case/defined.ts';
import type { CallParams } from './traffic.ts';

/** How a service speaks, which decides the shape of its errors. */
export type Protocol = 'ec2' | 'query' | 'json' | 'rest' | 's3';

/** What a request to AWS asks for. */
export interface AwsRequest {
  readonly service: string;
  readonly action: string;
  readonly protocol: Protocol;
  readonly params: CallParams;
  readonly functionName?: string;
  readonly caseId?: string;
}

const CREDENTIAL_SCOPE = /Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request/;
/** Powertools puts a mark of its own behind the app id. */
const APP_ID = /(?:^|\s)app\/(\S+?)(?:-PT-\S*)?(?:\s|$)/;

/** Cordon names the case of a call in the caller's User-Agent. */
const CASE = /(?:^|\s)cordon-(\S+)/;

const jsonParams = (body: Buffer): Record<string, unknown> => {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8') || '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
};

/** S3's clients name most operations in the address; the others are told by method and query. */
const s3Action = (method: string, params: URLSearchParams): string => {
  const named = params.get('x-id');
  if (named !== null) return named;
  if (params.get('list-type') === '2') return 'ListObjectsV2';
  if (params.has('versions')) return 'ListObjectVersions';
  return { HEAD: 'HeadObject', GET: 'GetObject', PUT: 'PutObject' }[method] ?? method;
};

/**
 * Reads service, operation and parameters of a signed request; undefined when it is not signed,
 * which no AWS call of an SDK is.
 */
export const readAwsRequest = (
  method: string,
  url: string,
  headers: IncomingHttpHeaders,
  body: Buffer,
): AwsRequest | undefined => {
  const service = CREDENTIAL_SCOPE.exec(headers.authorization ?? '')?.[1];
  if (service === undefined) return undefined;
  const appId = APP_ID.exec(headers['user-agent'] ?? '')?.[1];
  const caseId = CASE.exec(headers['user-agent'] ?? '')?.[1];
  const common = {
    service,
    ...defined({ functionName: appId, caseId }),
  };

  const target = headers['x-amz-target'];
  if (typeof target === 'string') {
    const action = target.slice(target.lastIndexOf('.') + 1);
    return { ...common, action, protocol: 'json', params: jsonParams(body) };
  }
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
    ? body.toString('utf8')
    : (url.split('?')[1] ?? '');
  const params = new URLSearchParams(form);
  const action = params.get('Action');
  if (action !== null) {
    return { ...common, action, protocol: service === 'ec2' ? 'ec2' : 'query', params };
  }
  const [path = ''] = url.split('?');
  if (service === 's3') {
    const named = new URLSearchParams({ ...Object.fromEntries(params), path });
    return { ...common, action: s3Action(method, params), protocol: 's3', params: named };
  }
  return { ...common, action: `${method} ${path}`, protocol: 'rest', params };
};
