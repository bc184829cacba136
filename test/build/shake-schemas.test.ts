import { statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { DescribeExecutionCommand, SFNClient } from '@aws-sdk/client-sfn';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { functionNames } from '../../build/bundle.ts';
import { ensureBuilt } from '../../build/ensure-built.ts';
import { functionFolder, inProject } from '../../build/paths.ts';
import { shakeSchemas, withoutPlainErrors, withPlainKeys } from '../../build/shake-schemas.ts';

describe('The schemas of the SDK', () => {
  it('keep their members, under keys that need no computing', () => {
    const text = `const _xN = "xmlName";
const _I = "Item";
export var List$ = [1, n0, _L, { [_xN]: _I, [_unknown]: 1, plain: [_I] }];`;
    expect(withPlainKeys(text)).toBe(`const _xN = "xmlName";
const _I = "Item";
export var List$ = [1, n0, _L, { "xmlName": _I, [_unknown]: 1, plain: [_I] }];`);
  });

  it('are left out of a function that does not use them', async () => {
    await ensureBuilt();
    const megabytes = (name: string) =>
      statSync(join(functionFolder(name), 'index.mjs')).size / 1_000_000;
    const large = functionNames().filter((name) => megabytes(name) > 1.1);
    expect(large).toEqual(['contain']);
    expect(megabytes('contain')).toBeLessThan(2);
  });
});

/** The clients as a bundle has them, or as the SDK is. */
interface Sdk {
  readonly SSMClient: typeof SSMClient;
  readonly GetParameterCommand: typeof GetParameterCommand;
  readonly KMSClient: typeof KMSClient;
  readonly DescribeKeyCommand: typeof DescribeKeyCommand;
  readonly SFNClient: typeof SFNClient;
  readonly DescribeExecutionCommand: typeof DescribeExecutionCommand;
}

const whole: Sdk = {
  SSMClient,
  GetParameterCommand,
  KMSClient,
  DescribeKeyCommand,
  SFNClient,
  DescribeExecutionCommand,
};

/** What a caller can read of an error. */
const readable = (error: unknown) => {
  if (!(error instanceof Error)) throw new TypeError('The SDK threw something that is no error.');
  const { name, message } = error;
  return {
    name,
    message,
    fault: Reflect.get(error, '$fault'),
    status: Reflect.get(Reflect.get(error, '$metadata'), 'httpStatusCode'),
  };
};

const caught = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => 'no error',
    (error: unknown) => readable(error),
  );

/** The errors of each service, as AWS answers them, through one build of the SDK. */
const answers = async (sdk: Sdk, status: number, body: object): Promise<readonly unknown[]> => {
  const config = {
    region: 'eu-central-1',
    credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
    maxAttempts: 1,
    requestHandler: {
      metadata: { handlerProtocol: 'http/1.1' },
      handle: async () => ({
        response: {
          statusCode: status,
          headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amzn-requestid': 'r' },
          body: new TextEncoder().encode(JSON.stringify(body)),
        },
      }),
    },
  };
  return Promise.all([
    caught(new sdk.SSMClient(config).send(new sdk.GetParameterCommand({ Name: 'x' }))),
    caught(new sdk.KMSClient(config).send(new sdk.DescribeKeyCommand({ KeyId: 'x' }))),
    caught(
      new sdk.SFNClient(config).send(new sdk.DescribeExecutionCommand({ executionArn: 'arn:x' })),
    ),
  ]);
};

describe('The errors of the SDK', () => {
  let folder: string;
  let shaken: Sdk;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cordon-shaken-'));
    const outfile = join(folder, 'sdk.mjs');
    await build({
      stdin: {
        contents: ['ssm', 'kms', 'sfn']
          .map((name) => `export * from '@aws-sdk/client-${name}';`)
          .join('\n'),
        resolveDir: inProject(),
      },
      bundle: true,
      platform: 'node',
      format: 'esm',
      mainFields: ['module', 'main'],
      plugins: [shakeSchemas],
      outfile,
      banner: {
        js: "import { createRequire } from 'node:module';const require = createRequire(import.meta.url);",
      },
      logLevel: 'error',
    });
    shaken = await import(outfile);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  it.each([
    [400, { __type: 'ParameterNotFound' }],
    [400, { __type: 'ParameterNotFound', message: 'Parameter /cordon/x not found.' }],
    [400, { __type: 'com.amazonaws.kms#NotFoundException', message: 'Key does not exist' }],
    [400, { __type: 'ThrottlingException', message: 'Rate exceeded' }],
    [400, { __type: 'ExecutionDoesNotExist', message: 'Execution does not exist' }],
    [400, { __type: 'AccessDeniedException', Message: 'not authorized' }],
    [400, { __type: 'ValidationException', message: 'bad', reason: 'INVALID' }],
    [400, { __type: 'NobodyKnowsThis', message: 'new' }],
    [500, { __type: 'InternalServerError', Message: 'try again' }],
  ])('read the same where they are left out: %d %o', async (status, body) => {
    expect(await answers(shaken, status, body)).toEqual(await answers(whole, status, body));
  });

  it('are kept where one says more than a message', () => {
    const text = `const _m = "message";
const _r = "reason";
export var Plain$ = [-3, n0, _P,
    { [_e]: _c },
    [_m],
    [0]
];
n0_registry.registerError(Plain$, Plain);
export var Bare$ = [-3, n0, _B,
    { [_e]: _c },
    [],
    []
];
n0_registry.registerError(Bare$, Bare);
export var Telling$ = [-3, n0, _T,
    { [_e]: _c },
    [_m, _r],
    [0, 0]
];
n0_registry.registerError(Telling$, Telling);`;
    expect(withoutPlainErrors(text).match(/registerError.*/g)).toEqual([
      'registerError(Telling$, Telling);',
    ]);
  });
});
