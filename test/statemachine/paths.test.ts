import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../emulator/deploy/template.ts';
import { inProject } from '../../emulator/project.ts';
import type { Machine, State } from './definition.ts';
import { definition, statesOf } from './definition.ts';
import { always, interpret } from './interpreter.ts';
import { described, prepared, reportPaths, results } from './results.ts';
import type { Shape } from './shape.ts';
import { leaf, objectOf, shapeOf, withMembers } from './shape.ts';

const sampleInput: unknown = JSON.parse(
  readFileSync(inProject('events', 'state-machine-input.json'), 'utf8'),
);

describe('Every path in the definition leads to something, on every way through it', () => {
  it.each([
    ['the instance alone', withMembers('instanceId')],
    [
      'the whole case',
      withMembers('caseId', 'instanceId', 'accountId', 'region', 'trigger', 'dryRun'),
    ],
    ['the sample', shapeOf(sampleInput)],
  ])('started with %s', (_, input) => {
    const { complaints, entered, outputs } = interpret(definition, input, results);
    expect(complaints).toEqual([]);
    expect([...entered].toSorted()).toEqual(
      statesOf()
        .map(({ name }) => name)
        .toSorted(),
    );
    expect(reportPaths.filter((path) => !always(outputs, path))).toEqual([]);
  });
});

describe('What the cut hands on, on every way through it', () => {
  const cut = statesOf().find(({ name }) => name === 'Contain')?.state.Branches?.[0];
  const { complaints, outputs } =
    cut === undefined
      ? { complaints: ['there is no cut'], outputs: [] }
      : interpret(cut, objectOf({ describe: described, prepare: prepared }), results);

  it('has what became of the isolation, whatever that was', () => {
    expect(complaints).toEqual([]);
    expect(always(outputs, '$.isolate')).toBe(true);
  });

  it('has what became of what was cut further, unless the engine failed', () => {
    const members = outputs.map((one) => (one.kind === 'object' ? Object.keys(one.members) : []));
    expect([...new Set(members.map((names) => names.toSorted().join(' ')))].toSorted()).toEqual([
      'isolate',
      'isolate reinforce',
    ]);
  });
});

/** A machine of these states, which starts with the first. */
const machineOf = (States: Readonly<Record<string, State>>): Machine => ({
  StartAt: Object.keys(States)[0] ?? '',
  States,
});

const complaintsOf = (
  States: Readonly<Record<string, State>>,
  input: Shape = withMembers('id'),
): readonly string[] =>
  interpret(machineOf(States), input, { work: withMembers('done') }).complaints;

describe('The proof would notice', () => {
  it('in the definition itself, an instance that was not looked for before it is contained', () => {
    const spoiled = readDefinition().replaceAll(
      '{ "Variable": "$.describe.detail.case", "IsPresent": true },',
      '',
    );
    const { complaints } = interpret(JSON.parse(spoiled), withMembers('instanceId'), results);
    expect(complaints).toContain(
      'PrepareIsolation: $.describe.detail.case in Parameters may be absent',
    );
  });

  it('in the definition itself, an outcome that is asked of a function that gave none', () => {
    const spoiled = readDefinition().replaceAll('"$.isolate.Error"', '"$.nothing"');
    const { complaints } = interpret(JSON.parse(spoiled), withMembers('instanceId'), results);
    expect(complaints).toContain('IsThereNews: $.isolate.outcome in Choices may be absent');
  });

  it('a member that nobody put there', () => {
    expect(
      complaintsOf({ Pass: { Type: 'Pass', Parameters: { 'a.$': '$.b' }, End: true } }),
    ).toEqual(['Pass: $.b in Parameters may be absent']);
  });

  it('a member that is there on one way only', () => {
    const task: State = {
      Type: 'Task',
      Resource: 'work',
      ResultPath: '$.work',
      Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: '$.failure', Next: 'Tell' }],
      Next: 'Tell',
    };
    const tell: State = { Type: 'Pass', Parameters: { 'a.$': '$.work.done' }, End: true };
    expect(complaintsOf({ Work: task, Tell: tell })).toEqual([
      'Tell: $.work.done in Parameters may be absent',
    ]);
  });

  it('an input that a catcher without ResultPath threw away', () => {
    const task: State = {
      Type: 'Task',
      Resource: 'work',
      ResultPath: '$.work',
      Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Tell' }],
      Next: 'Tell',
    };
    expect(
      complaintsOf({ Work: task, Tell: { Type: 'Pass', InputPath: '$.id', End: true } }),
    ).toEqual(['Tell: $.id in InputPath may be absent']);
  });

  it('a result that replaced the input', () => {
    const task: State = { Type: 'Task', Resource: 'work', Next: 'Wait' };
    const wait: State = { Type: 'Wait', SecondsPath: '$.id', End: true };
    expect(complaintsOf({ Work: task, Wait: wait })).toEqual([
      'Wait: $.id in SecondsPath may be absent',
    ]);
  });

  it('an argument of a function, a branch that is not there, an unknown of the context', () => {
    const branch = machineOf({ Inside: { Type: 'Pass', End: true } });
    const parallel: State = {
      Type: 'Parallel',
      Branches: [branch],
      ResultSelector: { 'first.$': '$[0].id', 'second.$': '$[1]' },
      Next: 'Tell',
    };
    const tell: State = {
      Type: 'Pass',
      Parameters: {
        list: [{ 'all.$': "States.Array($.first, States.Format('{}, {}', $.third), 'it, 1')" }],
        'token.$': '$$.Task.Token',
      },
      End: true,
    };
    expect(complaintsOf({ Both: parallel, Tell: tell })).toEqual([
      'Both: $[1] in ResultSelector may be absent',
      'Tell: $.third in Parameters may be absent',
      'Tell: $$.Task.Token in Parameters may be absent',
    ]);
  });

  it('a variable that a choice compares, but not one that it only looks for', () => {
    const choice: State = {
      Type: 'Choice',
      Choices: [
        { Variable: '$.maybe', IsPresent: true, Next: 'End' },
        { Or: [{ Variable: '$.other', StringEquals: 'x' }], Next: 'End' },
      ],
      Default: 'End',
    };
    expect(complaintsOf({ Choose: choice, End: { Type: 'Succeed' } })).toEqual([
      'Choose: $.other in Choices may be absent',
    ]);
  });

  it('a cause that is nowhere', () => {
    expect(complaintsOf({ Stop: { Type: 'Fail', CausePath: '$.why' } })).toEqual([
      'Stop: $.why in CausePath may be absent',
    ]);
  });

  it('what a branch has on one of its ways only', () => {
    const branch = machineOf({
      Choose: {
        Type: 'Choice',
        Choices: [{ Variable: '$.id', StringEquals: 'x', Next: 'More' }],
        Default: 'Less',
      },
      More: { Type: 'Pass', Result: { a: 1, b: 2 }, End: true },
      Less: { Type: 'Pass', Result: { a: 1 }, End: true },
    });
    const parallel: State = { Type: 'Parallel', Branches: [branch], Next: 'Tell' };
    const tell: State = {
      Type: 'Pass',
      Parameters: { 'a.$': '$[0].a', 'b.$': '$[0].b' },
      End: true,
    };
    expect(complaintsOf({ Both: parallel, Tell: tell })).toEqual([
      'Tell: $[0].b in Parameters may be absent',
    ]);
  });

  it('what lies inside a value of which nothing is known', () => {
    const pass: State = { Type: 'Pass', Parameters: { 'a.$': '$.id.inner' }, End: true };
    expect(complaintsOf({ Pass: pass }, objectOf({ id: leaf }))).toEqual([
      'Pass: $.id.inner in Parameters may be absent',
    ]);
  });

  it('expressions that it does not understand, by refusing them', () => {
    const pass = (expression: string): Readonly<Record<string, State>> => ({
      Pass: { Type: 'Pass', Parameters: { 'a.$': expression }, End: true },
    });
    expect(() => complaintsOf(pass('$.list[*].id'))).toThrow(/more than this test understands/);
    expect(() => complaintsOf(pass('States.UUID()'))).toThrow(/more than this test understands/);
    expect(() => complaintsOf({ Other: { Type: 'Task', Resource: 'other', End: true } })).toThrow(
      /unknown what Other returns/,
    );
  });
});
