import { readFileSync } from 'node:fs';
import type { CollectionTag, ScalarTag } from 'yaml';
import { parse } from 'yaml';
import { inProject } from './project.ts';

export interface Parameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
}

export interface FunctionResource {
  readonly Type: 'AWS::Serverless::Function';
  readonly Metadata: { readonly BuildProperties: BuildProperties };
  readonly Properties: {
    readonly Handler: string;
    readonly Timeout: number;
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
    readonly Policies?: readonly unknown[];
  };
}

/** What `sam build` hands to esbuild. */
export interface BuildProperties {
  readonly Format: 'esm' | 'cjs';
  readonly OutExtension: readonly string[];
  readonly Target: string;
  readonly Outbase: string;
  readonly MainFields: string;
  readonly Minify: boolean;
  readonly Sourcemap: boolean;
  readonly LegalComments: 'none';
  /** Ways to credentials that a function never goes: its own stand in its environment. */
  readonly External: readonly string[];
  readonly Banner: readonly string[];
  readonly EntryPoints: readonly string[];
}

/** A SAM template with its intrinsic functions in their long form. */
export interface Template {
  readonly Parameters: Readonly<Record<string, Parameter>>;
  readonly Globals: {
    readonly Function: {
      readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
    };
  };
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: object }>
  >;
  readonly Outputs?: Readonly<Record<string, unknown>>;
}

const longName = (name: string): string =>
  name === 'Ref' || name === 'Condition' ? name : `Fn::${name}`;

const intrinsics = [
  'Ref',
  'Sub',
  'GetAtt',
  'If',
  'Equals',
  'Not',
  'And',
  'Or',
  'Join',
  'Select',
  'Split',
  'ImportValue',
  'FindInMap',
  'Condition',
];

const getAtt = (value: string): string[] => {
  const [resource = '', ...attribute] = value.split('.');
  return [resource, attribute.join('.')];
};

/** `!Ref X` is one tag for a text and another for a list, as YAML sees it. */
const tags: (ScalarTag | CollectionTag)[] = intrinsics.flatMap((name) => [
  {
    tag: `!${name}`,
    resolve: (value: string) => ({ [longName(name)]: name === 'GetAtt' ? getAtt(value) : value }),
  } satisfies ScalarTag,
  {
    tag: `!${name}`,
    collection: 'seq' as const,
    resolve: (value) => ({ [longName(name)]: (value as { toJSON(): unknown }).toJSON() }) as never,
  } satisfies CollectionTag,
]);

/** template.yaml as it stands, its tags in the long form that the transform takes. */
export const readTemplate = (): Template =>
  parse(readFileSync(inProject('template.yaml'), 'utf8'), { customTags: tags }) as Template;

export const readDefinition = (): string =>
  readFileSync(inProject('statemachine/containment.asl.json'), 'utf8');

/** The functions of the template, by logical id. */
export const functionsOf = (template: Template): ReadonlyMap<string, FunctionResource> =>
  new Map(
    Object.entries(template.Resources).filter(
      (entry): entry is [string, FunctionResource] => entry[1].Type === 'AWS::Serverless::Function',
    ),
  );
