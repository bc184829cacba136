import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { functionsOf, readTemplate } from '../../emulator/deploy/template.ts';
import { inProject } from '../../emulator/project.ts';
import { readSettings } from '../../src/settings/settings.ts';
import { tasksOf } from '../statemachine/definition.ts';
import { readHandlerCode, screaming, settingVariables } from './handler-code.ts';
import { at, list, template } from './stack.ts';

/** People type these names into `sam local invoke`, alarms and dashboards carry them. */
const contract = [
  'IntakeFunction',
  'DescribeFunction',
  'TagFunction',
  'DetachAutoScalingFunction',
  'DeregisterLoadBalancersFunction',
  'PrepareIsolationFunction',
  'IsolateNetworkFunction',
  'ReinforceCutFunction',
  'ProtectFunction',
  'SnapshotFunction',
  'CheckSnapshotsFunction',
  'VerifyFunction',
  'NotifyFunction',
  'ContainFunction',
  'DriftFunction',
];

const functions = functionsOf(readTemplate());
const ids = [...functions.keys()];
const code = await readHandlerCode();

const functionCalled = (logicalId: string) => {
  const found = functions.get(logicalId);
  if (found === undefined) throw new Error(`The template has no ${logicalId}`);
  return found;
};

const kebab = (logicalId: string): string =>
  screaming(logicalId.replace(/Function$/, ''))
    .toLowerCase()
    .replaceAll('_', '-');

/** The variables that every function is given. */
const common = Object.keys(
  at(template.Globals, 'Function', 'Environment', 'Variables') as object,
).toSorted();

/** The variables that one function is given besides. */
const own = (logicalId: string): readonly string[] =>
  Object.keys(functionCalled(logicalId).Properties.Environment?.Variables ?? {}).toSorted();

describe('The functions that others know by name', () => {
  it.each(contract)('%s is there', (logicalId) => {
    expect(ids).toContain(logicalId);
  });

  it('the state machine is there, with the definition of this repository', () => {
    const machine = template.Resources.ContainmentStateMachine;
    expect(machine?.Type).toBe('AWS::Serverless::StateMachine');
    expect(machine?.Properties).toMatchObject({
      Type: 'STANDARD',
      DefinitionUri: 'statemachine/containment.asl.json',
    });
  });
});

describe.each(ids)('%s', (logicalId) => {
  const { Properties } = functionCalled(logicalId);

  it('is built from the handler of its name', () => {
    expect(Properties.CodeUri).toBe(`dist/functions/${kebab(logicalId)}`);
    expect(existsSync(inProject('handlers', `${kebab(logicalId)}.ts`))).toBe(true);
    expect(code.get(logicalId)?.exports).toEqual(['handler']);
  });

  it('is copied as it was built, without a build of its own', () => {
    expect(template.Resources[logicalId]).not.toHaveProperty('Metadata');
    expect(Properties).not.toHaveProperty('Handler');
  });

  it('is given, beside what all are given, the variables that its code reads, and no others', () => {
    const read = code.get(logicalId)?.variables ?? [];
    expect(own(logicalId)).toEqual(read.filter((name) => !common.includes(name)));
  });

  it('runs on what all functions run on', () => {
    const own = Object.keys(Properties);
    expect(own).not.toContain('Runtime');
    expect(own).not.toContain('Architectures');
    expect(own).not.toContain('LoggingConfig');
    expect(Properties.Timeout).toBeLessThanOrEqual(900);
  });
});

it('all functions are given the settings and the case table, each of which some code reads', () => {
  expect(common).toEqual([...settingVariables, 'CASE_TABLE'].toSorted());
  const read = new Set([...code.values()].flatMap(({ variables }) => variables));
  expect(common.filter((name) => !read.has(name))).toEqual([]);
});

it('all functions run on Node 24 on Graviton, traced', () => {
  expect(at(template.Globals, 'Function')).toMatchObject({
    Runtime: 'nodejs24.x',
    Handler: 'index.handler',
    Architectures: ['arm64'],
    Tracing: 'Active',
    LoggingConfig: { LogGroup: { Ref: 'FunctionLogGroup' } },
  });
});

describe('The names of the variables', () => {
  const nonsense = settingVariables.map((name) => [name, '¿nonsense\u0007?']);
  const { warnings } = readSettings(Object.fromEntries(nonsense));

  it.each(settingVariables)('%s is read, and told of where it is not understood', (name) => {
    expect(warnings).toContainEqual(expect.stringMatching(`^${name} is `));
  });
});

describe('The time that a state gives its function', () => {
  const tasks = tasksOf().map((task) => ({
    ...task,
    seconds: task.state.TimeoutSeconds ?? 0,
    timeout: functionCalled(task.functionId).Properties.Timeout,
    repeated: list(task.state.Retry).some(({ ErrorEquals }) =>
      ErrorEquals.includes('States.Timeout'),
    ),
  }));

  // A function that ends itself first is no States.Timeout, which is what the state repeats.
  it.each(tasks)('is up before the function ends itself: $name', ({ seconds, timeout }) => {
    expect(timeout).toBeGreaterThanOrEqual(seconds);
  });

  // Lambda does not stop a function because its state has given up.
  it.each(tasks.filter(({ repeated }) => repeated))(
    'is all the function has, so that no repetition runs beside it: $name',
    ({ seconds, timeout }) => {
      expect(timeout).toBe(seconds);
    },
  );
});
