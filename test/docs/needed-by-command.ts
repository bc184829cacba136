import { readOperations } from '../template/handler-code.ts';
import { neededWith } from '../template/needed.ts';
import { everyOptIn } from '../template/opted-in.ts';

/** Where the service of the command line and the prefix in IAM differ. */
const prefixes: Readonly<Record<string, string>> = {
  elb: 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
  s3api: 's3',
  configservice: 'config',
  stepfunctions: 'states',
};

/** Commands that ask AWS for nothing that a policy grants. */
const free = new Set(['aws sso login', 'aws sts get-caller-identity', 'aws configure list']);

/** Commands that make calls of several names. */
const compound: Readonly<Record<string, readonly string[]>> = {
  'aws s3 sync': ['s3:ListBucket', 's3:GetObject'],
};

/** Operations whose permission has another name. */
const permissionOf: Readonly<Record<string, string>> = {
  ListObjectsV2: 'ListBucket',
  ListObjectVersions: 'ListBucketVersions',
  HeadObject: 'GetObject',
  GetObjectLockConfiguration: 'GetBucketObjectLockConfiguration',
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
  TransactWriteItems: 'UpdateItem',
};

/** https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html */
const grantedToAll: ReadonlySet<string> = new Set(['GetCallerIdentity']);

const pascal = (operation: string): string =>
  operation
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

const ofFunctions = neededWith(...everyOptIn);

/** Publishing to an encrypted topic is also using its key, which no code names. */
const implied = /^kms:/;

/**
 * What a command needs: actions as in a policy, or, of the command `cordon`, the operations that its
 * code can call, which have the names of their actions.
 */
export const neededBy = async (command: string): Promise<readonly string[]> => {
  if (free.has(command)) return [];
  const [program, first = '', second = ''] = command.split(' ');
  const several = compound[command];
  if (several !== undefined) return several;
  if (program === 'aws') {
    const operation = pascal(second);
    return [`${prefixes[first] ?? first}:${permissionOf[operation] ?? operation}`];
  }
  if (program === 'invoke') return (ofFunctions[first] ?? []).filter((one) => !implied.test(one));
  return (await readOperations(`cli/${first}-command.ts`))
    .filter((operation) => !grantedToAll.has(operation))
    .map((operation) => `*:${permissionOf[operation] ?? operation}`);
};

/** Whether actions of policies grant an action; `*:` stands for whatever service has it. */
export const grants = (granted: readonly string[], needed: string): boolean =>
  needed.startsWith('*:')
    ? granted.some((action) => action.endsWith(needed.slice(1)))
    : granted.includes(needed);
