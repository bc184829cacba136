import { readdirSync, readFileSync } from 'node:fs';
import validate from 'asl-validator';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../emulator/deploy/template.ts';
import { inProject } from '../../emulator/project.ts';
import { lint } from './cfn-lint.ts';
import { resolved } from './resolve.ts';
import { at, resourcesOfType, template, transform } from './stack.ts';

const source = readFileSync(inProject('template.yaml'), 'utf8');
const stack = await transform();

describe('First pass: cfn-lint on template.yaml', () => {
  it('finds nothing', async () => {
    expect(await lint(source)).toEqual([]);
  });

  it.each(readdirSync(inProject('templates')))('finds nothing in %s', async (file) => {
    expect(await lint(readFileSync(inProject('templates', file), 'utf8'))).toEqual([]);
  });

  it('would find a runtime that AWS no longer runs', async () => {
    const old = source.replace('Runtime: nodejs24.x', 'Runtime: nodejs12.x');
    expect(await lint(old)).toContainEqual(expect.stringMatching(/^E2533 .*nodejs12\.x/));
  });
});

describe('Second pass: cfn-lint on what the transform makes of it', () => {
  // No rule is left out: the transform causes no finding of its own. A nested template lies in a file
  // until `sam deploy` puts it into S3, which the first pass knows, and this one cannot.
  it('finds nothing but the file of a nested template', async () => {
    const nested = resourcesOfType(template, 'AWS::CloudFormation::Stack');
    expect(await lint(stack)).toEqual(
      nested.map(() => "W3002 This code may only work with 'package' cli command"),
    );
  });

  it('would find what the first pass overlooks: an action that does not exist', async () => {
    const misspelt = source.replace('ec2:DescribeRouteTables', 'ec2:DescribeRootTables');
    expect(await lint(misspelt)).toEqual([]);
    const transformed = JSON.stringify(stack).replaceAll(
      'ec2:DescribeRouteTables',
      'ec2:DescribeRootTables',
    );
    expect(await lint(JSON.parse(transformed))).toContainEqual(
      expect.stringMatching(/^W3037 .*describeroottables/i),
    );
  });

  it('would find that the state machine itself is wrong', async () => {
    const transformed = JSON.stringify(stack).replaceAll(
      '\\"Next\\": \\"Verify\\"',
      '\\"Nexxt\\": \\"Verify\\"',
    );
    expect(await lint(JSON.parse(transformed))).toContainEqual(
      expect.stringMatching(/^E3601 .*Nexxt/),
    );
  });
});

/** The definition with every `${…}` replaced by what the template puts there. */
const substituted = (machine = 'ContainmentStateMachine'): string => {
  const properties = template.Resources[machine]?.Properties;
  const values = resolved(template, at(properties, 'DefinitionSubstitutions'));
  const definition = readDefinition(String(at(properties, 'DefinitionUri')));
  return definition.replace(/\$\{(\w+)\}/g, (_, name: string) => String(at(values, name)));
};

const complaints = (definition: string): string => {
  const { isValid, errorsText } = validate(JSON.parse(definition));
  return isValid ? '' : errorsText();
};

describe('Third pass: asl-validator on the definition, its placeholders filled in', () => {
  it.each(resourcesOfType(template, 'AWS::Serverless::StateMachine'))(
    'finds nothing in %s',
    (machine) => {
      expect(complaints(substituted(machine))).toBe('');
    },
  );

  it.each([
    ['a transition to nowhere', '"Next": "Verify"', '"Next": "Verity"', 'MISSING_TRANSITION'],
    ['a path that is none', '"$.report"', '"report"', 'SCHEMA_VALIDATION_FAILED'],
    ['a field of another state', '"Type": "Wait"', '"Type": "Choice"', 'SCHEMA_VALIDATION_FAILED'],
    ['a resource that is no ARN', /arn:aws:lambda:/g, '', 'SCHEMA_VALIDATION_FAILED'],
  ])('would find %s', (_, from, to, code) => {
    expect(complaints(substituted().replaceAll(from, to))).toContain(code);
  });
});
