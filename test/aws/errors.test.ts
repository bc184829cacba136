import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2';
import { describe, expect, it, onTestFinished } from 'vitest';
import { asCordonError, inWords, isDenied, isUnavailable } from '../../src/aws/errors.ts';
import { rehearse } from '../../src/engine/rehearse.ts';
import { awsError, denied } from '../steps/aws-error.ts';

/** What the SDK throws of an answer with this status and body, as it came over the wire. */
const errorOf = async (status: number, body: string): Promise<unknown> => {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'text/xml' });
    response.end(body);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(() => {
    server.close();
  });
  const ec2 = new EC2Client({
    region: 'eu-central-1',
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    credentials: { accessKeyId: 'any', secretAccessKey: 'any' },
    maxAttempts: 1,
  });
  return ec2.send(new DescribeInstancesCommand({})).then(
    () => undefined,
    (error: unknown) => error,
  );
};

const refusal = (code: string) =>
  `<Response><Errors><Error><Code>${code}</Code><Message>AWS says ${code}</Message></Error></Errors></Response>`;

describe('an answer that cannot be read', () => {
  // fault A8
  it.each([
    ['cut short', 200, '<DescribeInstancesResponse><reservationSet><item>'],
    ['no XML', 200, '{"reservations": []}'],
    [
      'of another shape',
      200,
      '<DescribeInstancesResponse><reservationSet><item><instancesSet><item><launchTime>soon</launchTime></item></instancesSet></item></reservationSet></DescribeInstancesResponse>',
    ],
    ['the error page of a proxy', 400, 'bad gateway'],
  ])('is worth another try when it is %s', async (_, status, body) => {
    const error = await errorOf(status, body);
    expect(isUnavailable(error)).toBe(true);
    expect(asCordonError(error, 'Reading').name).toBe('AwsUnavailableError');
    expect(inWords(error)).toMatch(/^the answer of AWS could not be read: /);
    expect(inWords(error)).not.toContain('hidden field');
  });

  it('is not made of an error that AWS worded', async () => {
    const error = await errorOf(400, refusal('InvalidParameterValue'));
    expect(isUnavailable(error)).toBe(false);
    expect(inWords(error)).toBe('InvalidParameterValue: AWS says InvalidParameterValue');
  });
});

describe('credentials that AWS does not accept', () => {
  // fault O9
  it.each([
    ['ExpiredToken', /expired: renew/],
    ['ExpiredTokenException', /expired: renew/],
    ['RequestExpired', /clock of this machine/],
    ['AuthFailure', /aws sts get-caller-identity/],
    ['InvalidClientTokenId', /aws sts get-caller-identity/],
    ['UnrecognizedClientException', /Region is enabled/],
    ['SignatureDoesNotMatch', /secret access key.*clock/],
    ['IncompleteSignature', /secret access key.*clock/],
    ['OptInRequired', /enable the Region/],
  ])('%s says what to do, and blames no policy', async (code, remedy) => {
    const error = asCordonError(await errorOf(400, refusal(code)), 'Reading the instance');
    expect(error.name).toBe('AwsCredentialsError');
    expect(error.message).toContain(`Reading the instance failed: ${code}`);
    expect(error.message).toMatch(remedy);
    expect(error.message).not.toContain('policy of the role');
    expect([isDenied(error.cause), isUnavailable(error.cause)]).toEqual([true, false]);
  });

  // fault O9
  it('a missing permission is still laid to the policy', () => {
    const error = asCordonError(denied(), 'Tagging');
    expect([error.name, error.message]).toEqual([
      'AwsDeniedError',
      expect.stringContaining('Allow the call in the policy of the role.'),
    ]);
  });

  // fault O9
  it('a rehearsal does not call it a denied permission', async () => {
    const change = (error: Error) => ({
      call: 'ec2:CreateTags',
      resource: 'i-1',
      before: 'no tags',
      after: 'cordon:case',
      send: () => Promise.reject(error),
    });
    const calls = await rehearse([
      change(awsError('ExpiredToken', 'It expired.')),
      change(denied()),
    ]);
    expect(calls).toMatchObject([
      { permission: 'refused', message: 'ExpiredToken: It expired.' },
      { permission: 'denied' },
    ]);
  });
});
