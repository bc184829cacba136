import { callRest } from '../aws-call.ts';
import type { Emulator } from '../emulator.ts';
import { ARTIFACT } from './sam.ts';

interface Stack {
  readonly Type?: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}

const isNested = ({ Type, Properties }: Stack): boolean =>
  Type === 'AWS::CloudFormation::Stack' && !String(Properties?.TemplateURL).startsWith('https://');

/**
 * What `sam package` does with nested stacks: their templates go into S3, and the template names them
 * by the address there
 * (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-nested-stacks.html).
 *
 * @param templateOf a nested template as an object, its tags in their long form, by its path in the project.
 */
export const withNestedStacks = async (
  emulator: Emulator,
  template: object,
  templateOf: (uri: string) => object,
): Promise<object> => {
  const { Resources = {}, ...rest } = template as { Resources?: Record<string, Stack> };
  const resources = await Promise.all(
    Object.entries(Resources).map(async ([logicalId, resource]) => {
      if (!isNested(resource)) return [logicalId, resource] as const;
      const uri = String(resource.Properties?.TemplateURL);
      const path = `${ARTIFACT.bucket}/${uri}`;
      const body = new TextEncoder().encode(JSON.stringify(templateOf(uri)));
      await callRest(emulator, 's3', 'PUT', `/${path}`, body);
      const Properties = {
        ...resource.Properties,
        TemplateURL: `https://s3.amazonaws.com/${path}`,
      };
      return [logicalId, { ...resource, Properties }] as const;
    }),
  );
  return { ...rest, Resources: Object.fromEntries(resources) };
};
