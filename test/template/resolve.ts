import type { Stack } from './stack.ts';
import { isRecord, list, resource } from './stack.ts';

/** An account in which the stack could stand. */
const somewhere: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Region': 'eu-central-1',
  'AWS::Partition': 'aws',
  'AWS::URLSuffix': 'amazonaws.com',
  'AWS::StackName': 'cordon',
  'AWS::StackId':
    'arn:aws:cloudformation:eu-central-1:123456789012:stack/cordon/5f8b2c10-1a2b-4c3d-8e9f-0a1b2c3d4e5f',
};

/** Where the stack stands: the values of the pseudo parameters. */
type Place = Readonly<Record<string, string>>;

const placeOf = (stack: Stack): Place => ({ ...somewhere, ...stack.Pseudo });

const arnOf = (place: Place, service: string, resourcePart: string): string =>
  `arn:${place['AWS::Partition']}:${service}:${place['AWS::Region']}:${place['AWS::AccountId']}:${resourcePart}`;

/**
 * The physical name, where a test says where the stack stands: CloudFormation makes it of the stack's
 * name, the logical id and a suffix, up to the longest that the service takes. Elsewhere the
 * logical id, which is easier to read.
 */
const nameOf = (stack: Stack, logicalId: string, longest: number): string =>
  stack.Pseudo === undefined
    ? logicalId
    : `${placeOf(stack)['AWS::StackName']}-${logicalId}-1XQ7A0ZJ5K3M`.slice(-longest);

type ArnOf = (stack: Stack, logicalId: string) => string;

const named =
  (service: string, prefix: string, longest: number, suffix = ''): ArnOf =>
  (stack, id) =>
    arnOf(placeOf(stack), service, `${prefix}${nameOf(stack, id, longest)}${suffix}`);

/** A role's ARN has no Region, and its name is at most 64 characters. */
const roleArn: ArnOf = (stack, id) => {
  const place = placeOf(stack);
  const name = `${place['AWS::StackName']}-${id}-1XQ7A0ZJ5K3M`.slice(-64);
  return `arn:${place['AWS::Partition']}:iam::${place['AWS::AccountId']}:role/${name}`;
};

/** The longest name of a policy is 128 characters, and its ARN has no Region either. */
const policyArn: ArnOf = (stack, id) => {
  const place = placeOf(stack);
  const name = `${place['AWS::StackName']}-${id}-1XQ7A0ZJ5K3M`.slice(-128);
  return `arn:${place['AWS::Partition']}:iam::${place['AWS::AccountId']}:policy/${name}`;
};

const functionArn = named('lambda', 'function:', 64);
const stateMachineArn = named('states', 'stateMachine:', 80);

const arns: Readonly<Record<string, ArnOf>> = {
  'AWS::IAM::Role': roleArn,
  'AWS::IAM::ManagedPolicy': policyArn,
  'AWS::Serverless::Function': functionArn,
  'AWS::Lambda::Function': functionArn,
  'AWS::Serverless::StateMachine': stateMachineArn,
  'AWS::StepFunctions::StateMachine': stateMachineArn,
  'AWS::SNS::Topic': named('sns', '', 256),
  'AWS::SQS::Queue': named('sqs', '', 80),
  'AWS::DynamoDB::Table': named('dynamodb', 'table/', 255),
  'AWS::KMS::Key': named('kms', 'key/', 36),
  'AWS::Events::Rule': named('events', 'rule/', 64),
  'AWS::Logs::LogGroup': named('logs', 'log-group:', 512, ':*'),
};

/** Resources whose `Ref` is their ARN; of the others it is a name, or for a queue its address. */
const refIsArn = new Set([
  'AWS::IAM::ManagedPolicy',
  'AWS::SNS::Topic',
  'AWS::Serverless::StateMachine',
  'AWS::StepFunctions::StateMachine',
]);

const noValue = Symbol('AWS::NoValue');

const reference = (stack: Stack, name: string): unknown => {
  if (name === 'AWS::NoValue') return noValue;
  const known = stack.Pseudo?.[name] ?? somewhere[name];
  if (known !== undefined) return known;
  const parameter = stack.Parameters[name];
  if (parameter !== undefined) return parameter.Default ?? `<${name}>`;
  const { Type } = resource(stack, name);
  return refIsArn.has(Type) ? arns[Type]?.(stack, name) : `<${name}>`;
};

/** The stack as it is deployed with these parameters, the others left as they are. */
export const withParameters = (stack: Stack, values: Readonly<Record<string, string>>): Stack => {
  const given = Object.entries(values).map(([name, Default]) => {
    const declared = stack.Parameters[name];
    if (declared === undefined) throw new Error(`The template has no parameter ${name}`);
    return [name, { ...declared, Default }] as const;
  });
  return { ...stack, Parameters: { ...stack.Parameters, ...Object.fromEntries(given) } };
};

/** The stack as it stands in another place or under another name: `AWS::Region` and its like. */
export const standing = (stack: Stack, pseudo: Readonly<Record<string, string>>): Stack => ({
  ...stack,
  Pseudo: { ...stack.Pseudo, ...pseudo },
});

/** What a condition comes to, written out or by its name. */
export const decides = (stack: Stack, condition: unknown): boolean => {
  const [[name, operand] = []] = Object.entries(isRecord(condition) ? condition : {});
  const operands = list(operand as unknown[]);
  switch (name) {
    case 'Condition':
      return isMet(stack, String(operand));
    case 'Fn::Equals': {
      const [left, right] = operands.map((one) => String(resolved(stack, one)));
      return left === right;
    }
    case 'Fn::Not':
      return !operands.every((one) => decides(stack, one));
    case 'Fn::And':
      return operands.every((one) => decides(stack, one));
    case 'Fn::Or':
      return operands.some((one) => decides(stack, one));
    default:
      throw new Error(`${JSON.stringify(condition)} is more than this test understands`);
  }
};

/** True when the stack's parameters meet one of its conditions. */
export const isMet = (stack: Stack, condition: string): boolean =>
  decides(stack, stack.Conditions[condition]);

/** What nested stacks tell of themselves: their outputs that are ARNs. */
const nestedArns: Readonly<Record<string, (place: Place) => string>> = {
  'Outputs.StoreArn': (place) => `arn:${place['AWS::Partition']}:s3:::cordon-evidence`,
  'Outputs.ResultsArn': (place) => `arn:${place['AWS::Partition']}:s3:::cordon-results`,
  'Outputs.StoreKeyArn': (place) => arnOf(place, 'kms', 'key/StoreKey'),
};

const attribute = (stack: Stack, [name, ...rest]: readonly string[]): unknown => {
  const which = rest.join('.');
  const nested = nestedArns[which];
  if (nested !== undefined) return nested(placeOf(stack));
  const arn = arns[resource(stack, name ?? '').Type];
  return which === 'Arn' && arn !== undefined ? arn(stack, name ?? '') : `<${name}.${which}>`;
};

const substituted = (
  stack: Stack,
  text: string,
  variables: Readonly<Record<string, unknown>> = {},
): string =>
  text.replace(/\$\{([^}]+)\}/g, (_, name: string) => {
    if (Object.hasOwn(variables, name)) return String(resolved(stack, variables[name]));
    const [logicalId = '', ...rest] = name.split('.');
    return String(
      rest.length === 0
        ? reference(stack, logicalId)
        : attribute(stack, [logicalId, rest.join('.')]),
    );
  });

/** A value of the template with plausible values for its intrinsic functions. */
export const resolved = (stack: Stack, value: unknown): unknown => {
  if (Array.isArray(value)) {
    return value.map((one) => resolved(stack, one)).filter((one) => one !== noValue);
  }
  if (!isRecord(value)) return value;
  const [entry] = Object.entries(value);
  if (entry !== undefined && Object.keys(value).length === 1) {
    const [name, operand] = entry;
    if (name === 'Ref') return reference(stack, String(operand));
    if (name === 'Fn::If' && Array.isArray(operand)) {
      return resolved(stack, operand[isMet(stack, String(operand[0])) ? 1 : 2]);
    }
    if (name === 'Fn::Split' && Array.isArray(operand)) {
      return String(resolved(stack, operand[1])).split(String(operand[0]));
    }
    if (name === 'Fn::Select' && Array.isArray(operand)) {
      return (resolved(stack, operand[1]) as unknown[])[Number(operand[0])];
    }
    if (name === 'Fn::Join' && Array.isArray(operand)) {
      return (resolved(stack, operand[1]) as unknown[]).map(String).join(String(operand[0]));
    }
    if (name === 'Fn::GetAtt') {
      return attribute(stack, Array.isArray(operand) ? operand : String(operand).split('.'));
    }
    if (name === 'Fn::Sub' && Array.isArray(operand)) {
      return substituted(stack, String(operand[0]), operand[1] as Record<string, unknown>);
    }
    if (name === 'Fn::Sub') return substituted(stack, String(operand));
  }
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, one]) => [name, resolved(stack, one)])
      .filter(([, one]) => one !== noValue),
  );
};
