import { EC2Client } from '@aws-sdk/client-ec2';
import { InvalidSettingsError } from '../src/case/errors.ts';
import { regionSchema } from '../src/triggers/schema.ts';

/**
 * The Region that was named, or the one of the shell, or of the AWS profile.
 *
 * @throws InvalidSettingsError when none is named, or what is named is none.
 */
export const regionFor = async (named: string | undefined): Promise<string> => {
  if (named !== undefined) {
    if (regionSchema.safeParse(named).success) return named;
    throw new InvalidSettingsError(
      `"${named}" is no Region; accepted is a Region, such as eu-central-1.`,
    );
  }
  try {
    return await new EC2Client({}).config.region();
  } catch (error) {
    throw new InvalidSettingsError(
      'No Region is named; accepted is --region, AWS_REGION, or a Region in the AWS profile.',
      { cause: error },
    );
  }
};
