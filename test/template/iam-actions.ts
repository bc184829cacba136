import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ensurePython } from '../../emulator/moto/python.ts';
import { list } from './stack.ts';

/** AWS's service authorization reference, as cfn-lint ships it. */
type Services = Readonly<
  Record<
    string,
    {
      readonly Actions: Readonly<Record<string, { readonly Resources?: readonly string[] }>>;
      readonly Resources: Readonly<
        Record<string, { readonly ARNFormats: string[]; readonly ConditionKeys?: string[] }>
      >;
    }
  >
>;

const readServices = async (): Promise<Services> => {
  const script = 'import cfnlint, os; print(os.path.dirname(cfnlint.__file__))';
  const { stdout } = await promisify(execFile)(await ensurePython(), ['-c', script]);
  const file = join(stdout.trim(), 'data', 'AdditionalSpecs', 'Policies.json');
  return JSON.parse(await readFile(file, 'utf8'));
};

const services = await readServices();

/** `arn:${Partition}:ec2:${Region}:${Account}:instance/.*` as an expression for our ARNs. */
const formatExpression = (format: string): RegExp =>
  new RegExp(`^${format.replaceAll(/\$\{\w+\}/g, '[^:]*')}$`);

const serviceOf = (action: string): Services[string] => {
  const service = services[action.split(':')[0] ?? ''];
  if (service === undefined) throw new Error(`IAM knows no service of ${action}`);
  return service;
};

/** The resource types that an action takes; empty when it takes none and needs `*`. */
export const typesOf = (action: string): readonly string[] => {
  const known = serviceOf(action).Actions[(action.split(':')[1] ?? '').toLowerCase()];
  if (known === undefined) throw new Error(`IAM knows no ${action}`);
  return list(known.Resources).map((type) => type.toLowerCase());
};

/** The types, among those that the action takes, that an ARN may be. */
export const typesNamed = (action: string, arn: string): readonly string[] =>
  typesOf(action).filter((type) =>
    serviceOf(action).Resources[type]?.ARNFormats.some((format) =>
      formatExpression(format).test(arn),
    ),
  );

/**
 * Keys that belong to an action instead of a resource, which the file does not have:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsidentityandaccessmanagementiam.html
 */
const keysOfActions: Readonly<Record<string, readonly string[]>> = {
  'iam:PassRole': ['iam:PassedToService'],
  // https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html
  'ec2:CreateTags': ['ec2:CreateAction'],
  // https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-conditions.html
  'events:PutEvents': ['events:source'],
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/specifying-conditions.html
  ...Object.fromEntries(
    ['GetItem', 'BatchGetItem', 'PutItem', 'UpdateItem', 'DeleteItem'].map((name) => [
      `dynamodb:${name}`,
      ['dynamodb:LeadingKeys'],
    ]),
  ),
  // https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html
  'kms:CreateGrant': ['kms:GrantIsForAWSResource', 'kms:ViaService'],
  'kms:Decrypt': ['kms:ViaService'],
  'kms:DescribeKey': ['kms:ViaService'],
  'kms:GenerateDataKeyWithoutPlaintext': ['kms:ViaService'],
  'kms:ReEncryptFrom': ['kms:ViaService'],
  'kms:ReEncryptTo': ['kms:ViaService'],
};

/** True when such requests on such a resource carry the condition key. */
export const hasConditionKey = (action: string, type: string, key: string): boolean =>
  keysOfActions[action]?.includes(key) === true ||
  list(serviceOf(action).Resources[type]?.ConditionKeys).some((one) =>
    new RegExp(`^${one.replace(/\$\{\w+\}/, '.+')}$`).test(key),
  );
