import { inlineDefinition, transformTemplate } from '../../emulator/deploy/sam.ts';
import { readDefinition, readTemplate } from '../../emulator/deploy/template.ts';
import { ensurePython } from '../../emulator/moto/python.ts';

export type Json = Readonly<Record<string, unknown>>;

export const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export interface Parameter {
  readonly Type: 'String' | 'Number';
  readonly Description?: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
  readonly AllowedPattern?: string;
  readonly ConstraintDescription?: string;
  readonly MaxLength?: number;
  readonly MinValue?: number;
  readonly MaxValue?: number;
}

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly Properties: Json;
}

export interface Stack {
  readonly Parameters: Readonly<Record<string, Parameter>>;
  readonly Metadata: Json;
  readonly Rules: Readonly<Record<string, Json>>;
  readonly Conditions: Readonly<Record<string, Json>>;
  readonly Globals?: Json;
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, Json>>;
  /** Where a test lets the stack stand: values of pseudo parameters that differ from the usual. */
  readonly Pseudo?: Readonly<Record<string, string>>;
}

/** template.yaml as it is written. */
export const template = readTemplate() as unknown as Stack;

/** The template as CloudFormation gets it: transformed, with the definition inside. */
export const transform = async (source: object = readTemplate()): Promise<Stack> => {
  const { template: inlined, finish } = inlineDefinition(source, readDefinition);
  return finish(await transformTemplate(await ensurePython(), inlined)) as Stack;
};

/** A member deep inside, or undefined. */
export const at = (value: unknown, ...path: readonly (string | number)[]): unknown =>
  path.reduce<unknown>(
    (found, key) =>
      isRecord(found) || Array.isArray(found) ? (found as Json)[String(key)] : undefined,
    value,
  );

export const list = <Item>(value: Item | readonly Item[] | undefined): readonly Item[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as Item];

export const resourcesOfType = (stack: Stack, type: string): readonly [string, Resource][] =>
  Object.entries(stack.Resources).filter(([, resource]) => resource.Type === type);

export const resource = (stack: Stack, logicalId: string): Resource => {
  const found = stack.Resources[logicalId];
  if (found === undefined) throw new Error(`The template has no ${logicalId}`);
  return found;
};

const withReferences = (value: unknown, given: Json): unknown => {
  if (Array.isArray(value)) return value.map((one) => withReferences(one, given));
  if (!isRecord(value)) return value;
  if (typeof value.Ref === 'string' && given[value.Ref] !== undefined) return given[value.Ref];
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [key, withReferences(one, given)]),
  );
};

/** A nested stack as it is written, with what template.yaml hands to it in the place of its parameters. */
export const nestedIn = (logicalId: string): Stack => {
  const { TemplateURL, Parameters = {} } = resource(template, logicalId).Properties;
  const nested = readTemplate(String(TemplateURL)) as unknown as Stack;
  return {
    ...nested,
    ...(withReferences({ Resources: nested.Resources }, Parameters as Json) as object),
  };
};
