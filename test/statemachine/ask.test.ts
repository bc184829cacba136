import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../emulator/deploy/template.ts';
import { at, template } from '../template/stack.ts';
import type { Machine } from './definition.ts';
import { nextOf, reachableFrom, statesOf } from './definition.ts';

/** The machine that asks people before a cut: however it goes, the host is contained or people know. */

const text = readDefinition('statemachine/ask.asl.json');
const machine = JSON.parse(text) as Machine & { readonly TimeoutSeconds: number };
const stateCalled = (name: string) => {
  const state = machine.States[name];
  if (state === undefined) throw new Error(`The machine has no state ${name}`);
  return state;
};
const tasks = statesOf(machine).filter(({ state }) => state.Type === 'Task');

describe.each(tasks)('The task $name', ({ state }) => {
  it('does not wait for ever, is repeated, and lets no failure out', () => {
    expect(state.TimeoutSeconds ?? at(state, 'TimeoutSecondsPath')).toBeDefined();
    expect(state.Retry?.length).toBeGreaterThan(0);
    expect(state.Catch?.at(-1)?.ErrorEquals).toEqual(['States.ALL']);
  });
});

describe('The machine that asks', () => {
  it('asks, whatever becomes of the evidence', () => {
    expect(nextOf(stateCalled('Describe')).toSorted()).toEqual(['IsDescribed', 'WithoutEvidence']);
    for (const name of ['KeepEvidence', 'OpenTrail', 'WithoutEvidence']) {
      expect(reachableFrom(name, { machine }).has('Ask')).toBe(true);
    }
    expect(stateCalled('IsToAsk')).toMatchObject({
      Choices: [{ Variable: '$.question.asks', BooleanEquals: false, Next: 'Done' }],
      Default: 'Ask',
    });
    const withoutAsking = reachableFrom('Describe', { machine, without: ['IsToAsk'] });
    expect([...withoutAsking].filter((name) => nextOf(stateCalled(name)).length === 0)).toEqual([]);
  });

  it('takes only a plain refusal for one, and contains where it cannot read an answer', () => {
    const answers = stateCalled('WhatIsTheAnswer');
    expect(answers.Default).toBe('WhatWithoutAnswer');
    expect(stateCalled('WhatWithoutAnswer').Default).toBe('Contain');
    const toLeaveOpen = answers.Choices?.filter(({ Next }) => Next === 'LeaveOpen');
    expect(toLeaveOpen).toEqual([
      {
        And: [
          { Variable: '$.answer.answer', IsPresent: true },
          { Variable: '$.answer.answer', StringEquals: 'refuse' },
        ],
        Next: 'LeaveOpen',
      },
    ]);
  });

  it('asks once more at half time, and has waited no longer than it may in the end', () => {
    expect(
      stateCalled('Ask').Catch?.map(({ ErrorEquals, Next }) => [ErrorEquals[0], Next]),
    ).toEqual([
      ['QuestionSupersededError', 'NothingLeftToAsk'],
      ['States.Timeout', 'AskAgain'],
      ['States.ALL', 'WhatWithoutAnswer'],
    ]);
    const longestQuestion = 1_440 * 60;
    expect(machine.TimeoutSeconds).toBeGreaterThan(longestQuestion + 1_200);
  });

  it('fails where nobody was told or the run could not be begun, so that the rule tells people', () => {
    expect(stateCalled('Contain').Catch?.map(({ Next }) => Next)).toEqual(['NotContained']);
    expect(stateCalled('LeaveOpen').Catch?.map(({ Next }) => Next)).toEqual([
      'NothingLeftToAsk',
      'NobodyWasTold',
    ]);
    const pattern = at(template.Resources.FailedExecutionRule, 'Properties', 'EventPattern');
    expect(at(pattern, 'detail', 'stateMachineArn')).toContainEqual({ Ref: 'AskStateMachine' });
  });

  it('has its placeholders filled in, each by the function of its name', () => {
    const given = at(
      template.Resources.AskStateMachine,
      'Properties',
      'DefinitionSubstitutions',
    ) as Record<string, unknown>;
    const used = [...text.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(given).toSorted());
    for (const [name, value] of Object.entries(given)) {
      if (!name.endsWith('FunctionArn')) continue;
      expect(value).toEqual({ 'Fn::GetAtt': [name.replace(/Arn$/, ''), 'Arn'] });
    }
  });

  // What cuts, detaches or deregisters runs in the case's own machine alone.
  it('calls nothing that changes how the instance serves', () => {
    const functions = [...text.matchAll(/\$\{(\w+)FunctionArn\}/g)].map(([, name = '']) => name);
    expect([...new Set(functions)].toSorted()).toEqual([
      'Ask',
      'Describe',
      'Intake',
      'Protect',
      'Snapshot',
      'Tag',
    ]);
  });
});
