import type { CloudFormationClient, Stack } from '@aws-sdk/client-cloudformation';
import { DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { asCordonError } from '../aws/errors.ts';
import { isAbsentStack } from '../aws/stack.ts';
import { UncheckedError } from '../case/errors.ts';
import type { Settings } from '../settings/settings.ts';
import { readSettings } from '../settings/settings.ts';

/** What the deployed stack says of itself. */
export interface StackNow {
  readonly status: string;
  readonly createdAt: Date;
  readonly parameters: Readonly<Record<string, string>>;
  readonly outputs: Readonly<Record<string, string>>;
  /** By logical id. */
  readonly resources: Readonly<Record<string, { readonly type: string; readonly id: string }>>;
  /** The settings that its functions work with. */
  readonly settings: Settings;
}

const inCapitals = (name: string): string =>
  name.replaceAll(/(?<=[a-z0-9])(?=[A-Z])/g, '_').toUpperCase();

const parametersOf = ({ Parameters = [] }: Stack): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Parameters.map(({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue]),
  );

const settingsIn = (parameters: Readonly<Record<string, string>>): Settings =>
  readSettings(
    Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [inCapitals(name), value]),
    ),
  ).settings;

const readResources = async (
  client: CloudFormationClient,
  stackName: string,
): Promise<StackNow['resources']> => {
  const found: [string, { type: string; id: string }][] = [];
  for await (const page of paginateListStackResources({ client }, { StackName: stackName })) {
    for (const one of page.StackResourceSummaries ?? []) {
      const { LogicalResourceId = '', ResourceType = '', PhysicalResourceId = '' } = one;
      // What a condition leaves out has no name.
      if (PhysicalResourceId !== '') {
        found.push([LogicalResourceId, { type: ResourceType, id: PhysicalResourceId }]);
      }
    }
  }
  return Object.fromEntries(found);
};

/**
 * Reads the stack with everything in it; undefined where there is none of that name.
 *
 * @throws AwsDeniedError and its kin where it cannot be read.
 */
export const readStackNow = async (
  client: CloudFormationClient,
  stackName: string,
): Promise<StackNow | undefined> => {
  try {
    const [{ Stacks = [] }, resources] = await Promise.all([
      client.send(new DescribeStacksCommand({ StackName: stackName })),
      readResources(client, stackName),
    ]);
    const [stack] = Stacks;
    if (stack === undefined) return undefined;
    const parameters = parametersOf(stack);
    return {
      status: stack.StackStatus ?? 'unknown',
      createdAt: stack.CreationTime ?? new Date(0),
      parameters,
      outputs: Object.fromEntries(
        (stack.Outputs ?? []).map(({ OutputKey = '', OutputValue = '' }) => [
          OutputKey,
          OutputValue,
        ]),
      ),
      resources,
      settings: settingsIn(parameters),
    };
  } catch (error) {
    if (isAbsentStack(error)) return undefined;
    throw asCordonError(error, `Reading the stack ${stackName}`);
  }
};

/**
 * What the stack says under this key.
 *
 * @throws UncheckedError where it says nothing: then what hangs on it cannot be checked.
 */
export const outputOf = ({ outputs }: StackNow, key: string): string => {
  const value = outputs[key] ?? '';
  if (value === '') throw new UncheckedError(`the stack has no output ${key}`);
  return value;
};
