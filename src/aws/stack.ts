import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { InvalidSettingsError } from '../case/errors.ts';
import type { Deps } from './clients.ts';
import { asCordonError } from './errors.ts';

/** The outputs of a deployed stack, by their keys. */
type StackOutputs = Readonly<Record<string, string>>;

/** Whether CloudFormation says that there is no stack of the name. */
export const isAbsentStack = (error: unknown): boolean =>
  error instanceof Error &&
  error.name === 'ValidationError' &&
  /does not exist/.test(error.message);

/**
 * Reads what a stack says of itself.
 *
 * @throws InvalidSettingsError when there is no stack of that name in the account and Region.
 * @throws AwsDeniedError, AwsUnavailableError and their kin when AWS does not answer.
 */
export const readStack = async (
  { clients }: Pick<Deps<'cloudFormation'>, 'clients'>,
  stackName: string,
): Promise<StackOutputs> => {
  try {
    const { Stacks = [] } = await clients.cloudFormation.send(
      new DescribeStacksCommand({ StackName: stackName }),
    );
    return Object.fromEntries(
      (Stacks[0]?.Outputs ?? []).flatMap(({ OutputKey, OutputValue }) =>
        OutputKey === undefined || OutputValue === undefined ? [] : [[OutputKey, OutputValue]],
      ),
    );
  } catch (error) {
    if (isAbsentStack(error)) {
      throw new InvalidSettingsError(
        `There is no stack "${stackName}" in this account and Region; name Cordon's stack with --stack and its Region with --region.`,
        { cause: error },
      );
    }
    throw asCordonError(error, `Reading the stack ${stackName}`);
  }
};
