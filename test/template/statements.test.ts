import { describe, expect, it } from 'vitest';
import { parseTemplate, readTemplate } from '../../emulator/deploy/template.ts';
import { isRecord } from './stack.ts';

/** Every statement that stands in the text, once each however often an alias says it again. */
const statementsIn = (value: unknown, found = new Set<object>()): ReadonlySet<object> => {
  if (isRecord(value) && 'Effect' in value) found.add(value);
  for (const one of typeof value === 'object' && value !== null ? Object.values(value) : []) {
    statementsIn(one, found);
  }
  return found;
};

const policiesIn = ({ Resources }: ReturnType<typeof readTemplate>): readonly object[] =>
  Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::ManagedPolicy' || Type.startsWith('AWS::Serverless'))
    .map(({ Properties = {} }) => Properties);

/** What statements allow, whatever they are called, with how often it stands there. */
const repeated = (statements: ReadonlySet<object>): readonly string[] => {
  const texts = [...statements].map((one) => JSON.stringify({ ...one, Sid: undefined }));
  return texts.filter((text, index) => texts.indexOf(text) !== index);
};

describe('The statements of the template', () => {
  const statements = statementsIn(policiesIn(readTemplate()));

  // fault T5
  it('stand there once: whoever changes one changes it for all', () => {
    expect(statements.size).toBeGreaterThan(50);
    expect(repeated(statements)).toEqual([]);
  });

  it('would be found where one stood there twice, under another name too', () => {
    const once = "{ Effect: Allow, Action: 'ec2:DescribeVpcs', Resource: '*' }";
    const policy = (first: string, second: string) =>
      parseTemplate(`Resources:
  P:
    Type: AWS::IAM::ManagedPolicy
    Properties:
      PolicyDocument:
        Statement:
          - ${first}
          - !If [C, ${second}, !Ref AWS::NoValue]
`);
    const named = once.replace('{', '{ Sid: Other,');
    expect(repeated(statementsIn(policiesIn(policy(once, named))))).toHaveLength(1);
    expect(repeated(statementsIn(policiesIn(policy(`&Once ${once}`, '*Once'))))).toEqual([]);
  });
});

describe('An alias', () => {
  // As SAM does it, before CloudFormation sees the template.
  it('is what it stands for, inside of intrinsic functions too', () => {
    const { Outputs } = parseTemplate(
      'Outputs: { A: &A { Value: !Ref X }, B: *A, C: !If [Yes, *A, { D: !Sub [v, { E: *A }] }] }',
    );
    const a = { Value: { Ref: 'X' } };
    expect(Outputs).toEqual({
      A: a,
      B: a,
      C: { 'Fn::If': ['Yes', a, { D: { 'Fn::Sub': ['v', { E: a }] } }] },
    });
  });
});
