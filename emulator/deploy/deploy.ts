import { callQuery, callRest, xmlMembers, xmlText } from '../aws-call.ts';
import type { Emulator } from '../emulator.ts';
import { withNestedStacks } from './nested.ts';
import { ARTIFACT, inlineDefinition, transformTemplate } from './sam.ts';

/** What to deploy. */
export interface Deployment {
  /** The SAM template as an object, its tags in their long form. */
  template: object;
  /** The text of an .asl.json with its `${…}` placeholders, by its path in the project. */
  definitionOf: (uri: string) => string;
  /** A nested template as an object, by its path in the project; default: there is none. */
  templateOf?: (uri: string) => object;
  parameters: Record<string, string>;
  stackName: string;
}

/** What CloudFormation made. */
export interface Deployed {
  outputs: Record<string, string>;
  /** Logical id → physical id. */
  physicalIds: Record<string, string>;
  /** Logical id of a function → its environment variables, resolved. */
  environments: Record<string, Record<string, string>>;
  /** Logical id of a function → the ARN of its role. */
  roleArns: Record<string, string>;
}

/** The stack could not be made. */
export class DeployError extends Error {
  override readonly name = 'DeployError';
}

/** The smallest archive that there is, the end record alone: functions run in the proxy. */
const EMPTY_ZIP = Uint8Array.from([0x50, 0x4b, 0x05, 0x06, ...Array<number>(18).fill(0)]);

const pairs = (xmlItems: string[], key: string, value: string): Record<string, string> =>
  Object.fromEntries(
    xmlItems.map((item) => [xmlText(item, key) ?? '', xmlText(item, value) ?? '']),
  );

interface FunctionConfiguration {
  Role?: string;
  /** moto keeps a number where the template refers to a Number parameter. */
  Environment?: { Variables?: Record<string, unknown> };
}

const asText = (variables: Record<string, unknown> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, String(value)]));

const readConfiguration = async (
  emulator: Emulator,
  functionName: string,
): Promise<FunctionConfiguration> => {
  const path = `/2015-03-31/functions/${encodeURIComponent(functionName)}/configuration`;
  return JSON.parse(await callRest(emulator, 'lambda', 'GET', path));
};

const uploadArtifact = async (emulator: Emulator): Promise<void> => {
  await callRest(emulator, 's3', 'PUT', `/${ARTIFACT.bucket}`);
  await callRest(emulator, 's3', 'PUT', `/${ARTIFACT.bucket}/${ARTIFACT.key}`, EMPTY_ZIP);
};

const createStack = async (
  emulator: Emulator,
  stackName: string,
  template: object,
  parameters: Record<string, string>,
): Promise<void> => {
  const given = Object.entries(parameters).flatMap(([name, value], index) => [
    [`Parameters.member.${index + 1}.ParameterKey`, name],
    [`Parameters.member.${index + 1}.ParameterValue`, value],
  ]);
  await callQuery(emulator, 'cloudformation', {
    Action: 'CreateStack',
    Version: '2010-05-15',
    StackName: stackName,
    TemplateBody: JSON.stringify(template),
    'Capabilities.member.1': 'CAPABILITY_NAMED_IAM',
    ...Object.fromEntries(given),
  });
};

/** The functions of the stack as they were made: their variables and roles. */
const readFunctions = async (
  emulator: Emulator,
  logicalIds: readonly string[],
  physicalIds: Deployed['physicalIds'],
): Promise<Pick<Deployed, 'environments' | 'roleArns'>> => {
  const read = await Promise.all(
    logicalIds.map(
      async (id) => [id, await readConfiguration(emulator, physicalIds[id] ?? '')] as const,
    ),
  );
  return {
    environments: Object.fromEntries(
      read.map(([id, { Environment }]) => [id, asText(Environment?.Variables)]),
    ),
    roleArns: Object.fromEntries(read.map(([id, { Role = '' }]) => [id, Role])),
  };
};

/** @throws DeployError when the stack was not made. */
const readStack = async (emulator: Emulator, stackName: string) => {
  const ask = (action: string) =>
    callQuery(emulator, 'cloudformation', {
      Action: action,
      Version: '2010-05-15',
      StackName: stackName,
    });
  const [stack, resourceList] = await Promise.all([
    ask('DescribeStacks'),
    ask('DescribeStackResources'),
  ]);
  const status = xmlText(stack, 'StackStatus');
  if (status !== 'CREATE_COMPLETE') {
    throw new DeployError(`The stack ended as ${status}: ${xmlText(stack, 'StackStatusReason')}`);
  }
  // moto also lists the resources whose condition is false, without a name.
  const resources = xmlMembers(resourceList, 'StackResources').filter((item) =>
    xmlText(item, 'LogicalResourceId'),
  );
  return { stack, resources };
};

/**
 * Deploys a SAM template as `sam deploy` would. Its calls go through the proxy like any other:
 * clear the traffic afterwards where calls are counted.
 *
 * @param python an interpreter from `ensurePython`.
 * @throws TemplateTransformError, AwsCallError, DeployError
 */
export const deploy = async (
  emulator: Emulator,
  python: string,
  options: Deployment,
): Promise<Deployed> => {
  const { template, finish } = inlineDefinition(options.template, options.definitionOf);
  const [transformed] = await Promise.all([
    transformTemplate(python, template),
    uploadArtifact(emulator),
  ]);
  const { templateOf = () => ({}) } = options;
  const whole = await withNestedStacks(emulator, finish(transformed), templateOf);
  await createStack(emulator, options.stackName, whole, options.parameters);
  const { stack, resources } = await readStack(emulator, options.stackName);
  const physicalIds = pairs(resources, 'LogicalResourceId', 'PhysicalResourceId');
  const functions = resources
    .filter((item) => xmlText(item, 'ResourceType') === 'AWS::Lambda::Function')
    .map((item) => xmlText(item, 'LogicalResourceId') ?? '');
  return {
    outputs: pairs(xmlMembers(stack, 'Outputs'), 'OutputKey', 'OutputValue'),
    physicalIds,
    ...(await readFunctions(emulator, functions, physicalIds)),
  };
};
