import { defined } from '../src/case/defined.ts';
import type { Emulator } from './emulator.ts';

/** A service answered an error. */
export class AwsCallError extends Error {
  override readonly name = 'AwsCallError';
}

const UNESCAPED: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#34;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&apos;': "'",
  '&amp;': '&',
};

const unescapeXml = (text: string): string =>
  text.replace(/&(?:lt|gt|quot|apos|amp|#34|#39|#x27);/g, (entity) => UNESCAPED[entity] ?? entity);

/** The text of the first element of this name, unescaped; undefined when there is none. */
export const xmlText = (xml: string, element: string): string | undefined => {
  const found = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(xml)?.[1];
  return found === undefined ? undefined : unescapeXml(found);
};

/** The contents of the `<member>` elements inside the first element of this name, as XML. */
export const xmlMembers = (xml: string, element: string): string[] => {
  const list = new RegExp(`<${element}>([\\s\\S]*?)</${element}>`).exec(xml)?.[1] ?? '';
  return [...list.matchAll(/<member>([\s\S]*?)<\/member>/g)].map((found) => found[1] ?? '');
};

/** The header by which a service is found; nobody checks the signature. */
export const authorization = (region: string, service: string): string =>
  `AWS4-HMAC-SHA256 Credential=emulator/20260101/${region}/${service}/aws4_request, ` +
  'SignedHeaders=host, Signature=0';

const request = async (url: string, init: RequestInit): Promise<string> => {
  const response = await fetch(url, init);
  const body = await response.text();
  if (!response.ok) {
    const message = xmlText(body, 'Message') ?? xmlText(body, 'message') ?? body;
    throw new AwsCallError(`${response.status}: ${message}`);
  }
  return body;
};

/**
 * Calls a query-protocol service without an SDK client.
 *
 * @returns the XML answered. @throws AwsCallError
 */
export const callQuery = (
  emulator: Emulator,
  service: string,
  parameters: Record<string, string>,
): Promise<string> =>
  request(emulator.endpoint, {
    method: 'POST',
    headers: { authorization: authorization(emulator.region, service) },
    body: new URLSearchParams(parameters),
  });

/**
 * Calls a JSON-protocol service without an SDK client.
 *
 * @param target the X-Amz-Target, as `AWSEvents.PutEvents`. @throws AwsCallError
 */
export const callJson = async (
  emulator: Emulator,
  service: string,
  target: string,
  input: object,
): Promise<unknown> => {
  const body = await request(emulator.endpoint, {
    method: 'POST',
    headers: {
      authorization: authorization(emulator.region, service),
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': target,
    },
    body: JSON.stringify(input),
  });
  return body === '' ? undefined : JSON.parse(body);
};

/** Calls a REST service without an SDK client. @throws AwsCallError */
export const callRest = (
  emulator: Emulator,
  service: string,
  method: string,
  path: string,
  body?: Uint8Array<ArrayBuffer>,
): Promise<string> =>
  request(`${emulator.endpoint}${path}`, {
    method,
    headers: { authorization: authorization(emulator.region, service) },
    ...defined({ body }),
  });
