import { describe, expect, it } from 'vitest';
import { functionsOf, readTemplate } from '../../emulator/deploy/template.ts';
import { readHandlerCode } from './handler-code.ts';
import { everyOptIn, optedInto } from './opted-in.ts';
import { roleOf } from './policy.ts';
import { at, resource, template } from './stack.ts';

const stack = optedInto(...everyOptIn);
const code = await readHandlerCode();

/** Given by the platform, or needed by AWS in answer to a call: no code names them. */
const implied = /^(?:logs|xray|kms):|^iam:PassRole$/;

/** What Lambda does with the role of a function whose failures it puts on the queue. */
const doneByLambda = (functionId: string): readonly string[] =>
  at(resource(template, functionId).Properties, 'EventInvokeConfig', 'DestinationConfig') ===
  undefined
    ? []
    : ['sqs:SendMessage'];

/** Permissions whose operation at AWS has another name, or which a transaction needs too. */
const operationsOf: Readonly<Record<string, readonly string[]>> = {
  's3:ListBucket': ['ListObjectsV2'],
  // Of an object by its version (https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
  's3:GetObjectVersion': ['GetObject'],
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
  'dynamodb:PutItem': ['PutItem', 'TransactWriteItems'],
  'dynamodb:UpdateItem': ['UpdateItem', 'TransactWriteItems'],
};

describe('A permission that no code uses', () => {
  it.each([...functionsOf(readTemplate()).keys()])('is not granted to %s', (functionId) => {
    const operations = code.get(functionId)?.operations ?? [];
    const granted = roleOf(stack, functionId).statements.flatMap(({ actions }) => actions);
    const unused = [...new Set(granted)].filter(
      (action) =>
        !implied.test(action) &&
        !doneByLambda(functionId).includes(action) &&
        !(operationsOf[action] ?? [action.split(':')[1] ?? '']).some((one) =>
          operations.includes(one),
        ),
    );
    expect(unused).toEqual([]);
  });

  it('would be seen: every function that talks to AWS was read', () => {
    expect(code.get('IsolateNetworkFunction')?.operations).toContain(
      'ModifyNetworkInterfaceAttribute',
    );
    expect(code.get('IntakeFunction')?.operations).toContain('StartExecution');
    expect(code.get('ReinforceCutFunction')?.operations).toContain('PutRolePolicy');
    expect(code.get('DriftFunction')?.operations).toContain('Publish');
  });
});
