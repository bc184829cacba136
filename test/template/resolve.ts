import type { Stack } from './stack.ts';
import { isRecord, resource } from './stack.ts';

/** An account in which the stack could stand. */
const pseudo: Readonly<Record<string, string>> = {
  'AWS::AccountId': '123456789012',
  'AWS::Region': 'eu-central-1',
  'AWS::Partition': 'aws',
  'AWS::StackName': 'cordon',
  'AWS::StackId':
    'arn:aws:cloudformation:eu-central-1:123456789012:stack/cordon/5f8b2c10-1a2b-4c3d-8e9f-0a1b2c3d4e5f',
};

const arnOf = (service: string, resourcePart: string): string =>
  `arn:aws:${service}:${pseudo['AWS::Region']}:${pseudo['AWS::AccountId']}:${resourcePart}`;

const arns: Readonly<Record<string, (logicalId: string) => string>> = {
  'AWS::Serverless::Function': (id) => arnOf('lambda', `function:${id}`),
  'AWS::Lambda::Function': (id) => arnOf('lambda', `function:${id}`),
  'AWS::Serverless::StateMachine': (id) => arnOf('states', `stateMachine:${id}`),
  'AWS::StepFunctions::StateMachine': (id) => arnOf('states', `stateMachine:${id}`),
  'AWS::SNS::Topic': (id) => arnOf('sns', id),
  'AWS::SQS::Queue': (id) => arnOf('sqs', id),
  'AWS::KMS::Key': (id) => arnOf('kms', `key/${id}`),
  'AWS::Events::Rule': (id) => arnOf('events', `rule/${id}`),
  'AWS::Logs::LogGroup': (id) => arnOf('logs', `log-group:${id}:*`),
};

/** Resources whose `Ref` is their ARN; of the others it is a name, or for a queue its address. */
const refIsArn = new Set([
  'AWS::SNS::Topic',
  'AWS::Serverless::StateMachine',
  'AWS::StepFunctions::StateMachine',
]);

const noValue = Symbol('AWS::NoValue');

const reference = (stack: Stack, name: string): unknown => {
  if (name === 'AWS::NoValue') return noValue;
  const known = pseudo[name];
  if (known !== undefined) return known;
  const parameter = stack.Parameters[name];
  if (parameter !== undefined) return parameter.Default ?? `<${name}>`;
  const { Type } = resource(stack, name);
  return refIsArn.has(Type) ? arns[Type]?.(name) : `<${name}>`;
};

const attribute = (stack: Stack, [name, which]: readonly string[]): unknown => {
  const arn = arns[resource(stack, name ?? '').Type];
  return which === 'Arn' && arn !== undefined ? arn(name ?? '') : `<${name}.${which}>`;
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
    // Every condition asks whether an optional parameter is set, and here none is.
    if (name === 'Fn::If' && Array.isArray(operand)) return resolved(stack, operand[2]);
    if (name === 'Fn::GetAtt') {
      return attribute(stack, Array.isArray(operand) ? operand : String(operand).split('.'));
    }
    if (name === 'Fn::Sub' && Array.isArray(operand)) {
      return substituted(stack, String(operand[0]), operand[1] as Record<string, unknown>);
    }
    if (name === 'Fn::Sub') return substituted(stack, String(operand));
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, resolved(stack, one)]),
  );
};
