import { readFileSync } from 'node:fs';
import type { CollectionTag, ScalarTag } from 'yaml';
import { parse, YAMLMap } from 'yaml';
import { inProject } from '../project.ts';

export interface Parameter {
  readonly Type: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly (string | number)[];
}

export interface FunctionResource {
  readonly Type: 'AWS::Serverless::Function';
  readonly Properties: {
    /** The folder of the built code, from the project's own. */
    readonly CodeUri: string;
    /** Where it differs from the one in Globals. */
    readonly Handler?: string;
    readonly Timeout: number;
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
    readonly Policies?: readonly unknown[];
  };
}

/** A SAM template with its intrinsic functions in their long form. */
export interface Template {
  readonly Parameters: Readonly<Record<string, Parameter>>;
  readonly Globals: {
    readonly Function: {
      readonly Handler?: string;
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
    // A node, not its value, so that the aliases inside are resolved with all others.
    resolve: (value) => {
      const map = new YAMLMap();
      map.set(longName(name), value);
      return map as never;
    },
  } satisfies CollectionTag,
]);

/**
 * A template's text, its tags in the long form that the transform takes, its aliases
 * written out, as SAM does before CloudFormation sees them.
 */
export const parseTemplate = (text: string): Template =>
  parse(text, { customTags: tags }) as Template;

/** template.yaml as it stands, or one that it nests. */
export const readTemplate = (uri = 'template.yaml'): Template =>
  parseTemplate(readFileSync(inProject(uri), 'utf8'));

/** The state machine that contains, or another one that the template names. */
export const readDefinition = (uri = 'statemachine/containment.asl.json'): string =>
  readFileSync(inProject(uri), 'utf8');

/** The functions of the template, by logical id. */
export const functionsOf = (template: Template): ReadonlyMap<string, FunctionResource> =>
  new Map(
    Object.entries(template.Resources).filter(
      (entry): entry is [string, FunctionResource] => entry[1].Type === 'AWS::Serverless::Function',
    ),
  );
