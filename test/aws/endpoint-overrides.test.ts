import { DescribeInstancesCommand } from '@aws-sdk/client-ec2';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeEc2Client } from '../../src/aws/client/ec2.ts';
import {
  expectAwsHost,
  foreignEndpoints,
  ignoreForeignEndpoints,
} from '../../src/aws/endpoint-overrides.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { RecordedLog } from '../steps/recorded-log.ts';

const evil = 'https://ec2.evil.example/';

afterEach(() => vi.unstubAllEnvs());

describe('an endpoint that somebody has configured', () => {
  it.each([
    'http://127.0.0.1:5000',
    'http://localhost:4566',
    'http://[::1]:5000',
    'http://host.docker.internal:5000',
  ])('counts where it is on this machine: %s', (url) => {
    expect(foreignEndpoints({ AWS_ENDPOINT_URL: url, AWS_ENDPOINT_URL_EC2: url })).toEqual([]);
  });

  // fault A14
  it.each([
    evil,
    'http://127.0.0.1@evil.example',
    'http://127.0.0.1.evil.example',
    'http://localhost.evil.example',
    'http://169.254.169.254',
    'http://host.docker.internal.evil.example',
    'evil.example:443',
    'nonsense',
  ])('is foreign anywhere else: %s', (url) => {
    for (const name of ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_AUTO_SCALING']) {
      expect(foreignEndpoints({ [name]: url, AWS_SAM_LOCAL: 'true' })).toHaveLength(1);
    }
  });

  // fault A14
  // threat H8
  it('is ignored in Lambda, and told, so that nobody but AWS says what holds', () => {
    const environment: Record<string, string | undefined> = {
      AWS_LAMBDA_FUNCTION_NAME: 'cordon-VerifyFunction',
      AWS_ENDPOINT_URL: evil,
      MODE: 'contain',
    };
    ignoreForeignEndpoints(environment);
    expect(environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS).toBe('true');
    expect(readSettings(environment).warnings).toEqual([
      expect.stringContaining('AWS_ENDPOINT_URL names "https://ec2.evil.example/"'),
    ]);
  });

  // fault A14
  it('is refused by hand in one sentence: who means an emulator must not act on an account', () => {
    const environment = { AWS_SAM_LOCAL: 'true', AWS_ENDPOINT_URL_EC2: evil };
    expect(() => readSettings(environment)).toThrow(
      /AWS_ENDPOINT_URL_EC2 names "https:.*localhost/,
    );
    expect(
      readSettings({ ...environment, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' }).warnings,
    ).toEqual([]);
  });

  // fault A14
  it('gets no request, wherever it was configured, whatever AWS_SAM_LOCAL says', async () => {
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'nobody');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'nothing');
    vi.stubEnv('AWS_SAM_LOCAL', 'true');
    vi.stubEnv('AWS_ENDPOINT_URL_EC2', evil);
    const ec2 = makeEc2Client(new RecordedLog(), 'eu-central-1');
    await expect(ec2.send(new DescribeInstancesCommand({}))).rejects.toMatchObject({
      name: 'ForeignEndpointError',
    });
  });
});

describe('a host of AWS', () => {
  it.each([
    'ec2.eu-central-1.amazonaws.com',
    'ec2.us-gov-west-1.amazonaws.com',
    'ec2.cn-north-1.amazonaws.com.cn',
    'iam.amazonaws.com',
    'iam.us-gov.amazonaws.com',
    'iam.cn-north-1.amazonaws.com.cn',
    'iam.us-iso-east-1.c2s.ic.gov',
    'states.eu-central-1.amazonaws.com',
    'ec2.eusc-de-east-1.amazonaws.eu',
    'ec2.eu-central-1.api.aws',
    'ec2-fips.us-east-1.amazonaws.com',
  ])('is asked: %s', (hostname) => {
    expect(() => expectAwsHost(hostname)).not.toThrow();
  });

  it('is asked wherever the SDK would go by itself, in every partition', () => {
    const { deps } = fakeAws();
    const regions = ['eu-central-1', 'cn-north-1', 'us-gov-west-1', 'eusc-de-east-1'];
    const isolated = ['us-iso-east-1', 'us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1'];
    for (const { config } of Object.values(deps.clients)) {
      const { endpointProvider } = config as unknown as {
        endpointProvider(parameters: object): { url: URL };
      };
      for (const Region of [...regions, ...isolated]) {
        for (const UseFIPS of [false, true]) {
          const { url } = endpointProvider({ Region, UseFIPS, UseDualStack: false });
          expect(() => expectAwsHost(url.hostname), url.hostname).not.toThrow();
        }
      }
      const { url } = endpointProvider({
        Region: 'eu-central-1',
        UseFIPS: false,
        UseDualStack: true,
      });
      expect(() => expectAwsHost(url.hostname), url.hostname).not.toThrow();
    }
  });

  // Names below AWS's domains that customers of AWS give out.
  it.each([
    'evil-1.eu-central-1.elb.amazonaws.com',
    'a1b2.execute-api.eu-central-1.amazonaws.com',
    'bucket.s3.amazonaws.com',
    'vpce-1.ec2.eu-central-1.vpce.amazonaws.com',
    'ec2.eu-central-1.amazonaws.com.evil.example',
    'amazonaws.com',
    '',
  ])('is none that somebody else can have: %s', (hostname) => {
    expect(() => expectAwsHost(hostname)).toThrow(/not AWS/);
  });
});
