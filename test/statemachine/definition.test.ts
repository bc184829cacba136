import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../emulator/deploy/template.ts';
import * as errors from '../../src/case/errors.ts';
import { nextWait } from '../../src/case/next-wait.ts';
import { at, template } from '../template/stack.ts';
import type { State } from './definition.ts';
import { definition, nextOf, reachableFrom, stateCalled, statesOf, tasksOf } from './definition.ts';

const tasks = tasksOf();

const terminals = Object.entries(definition.States)
  .filter(([, state]) => nextOf(state).length === 0)
  .map(([name]) => name);

/** How the whole machine can end when it avoids some of its states. */
const endsWithout = (...without: readonly string[]): readonly string[] =>
  terminals.filter((name) => reachableFrom(definition.StartAt, { without }).has(name));

describe.each(tasks)('The task $name', ({ name, state }) => {
  it('does not wait for ever', () => {
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
  });

  it('is repeated after what may pass, and not for ever', () => {
    expect(state.Retry?.length).toBeGreaterThan(0);
    for (const retry of state.Retry ?? []) {
      expect(retry.MaxAttempts ?? 3).toBeGreaterThan(0);
      expect(retry.MaxAttempts ?? 3).toBeLessThanOrEqual(10);
      expect(retry.ErrorEquals).not.toContain('States.ALL');
    }
  });

  // Whatever Lambda answers for a function that has not failed by itself, by names that grow in number
  // (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
  // fault D9
  it('is repeated after every failure of the platform, but for the one that may open an interface', () => {
    const last = state.Retry?.at(-1)?.ErrorEquals ?? [];
    const expected =
      name === 'IsolateNetwork' ? ['Lambda.TooManyRequestsException'] : ['States.TaskFailed'];
    expect(last.slice(-1)).toEqual(expected);
  });

  it('lets no failure out, and keeps it under its own key, beside what was known before', () => {
    const [caught, ...others] = state.Catch ?? [];
    expect(others).toEqual([]);
    expect(caught?.ErrorEquals).toEqual(['States.ALL']);
    // A report or a first message that failed is not the case's.
    expect([state.ResultPath, '$.failure']).toContain(caught?.ResultPath);
  });
});

// States.ALL does not catch DataLimitExceeded, and must stand alone in the last catcher
// (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
it.each(['Contain', 'AfterTheCut'])('%s lets no failure of the engine out either', (name) => {
  expect(stateCalled(name).Catch?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
    ['States.DataLimitExceeded'],
    ['States.ALL'],
  ]);
});

/**
 * What the engine that runs this definition in process does not know, or does otherwise than Step
 * Functions: it takes `IsPresent: false` for a rule that never matches.
 */
describe('Both engines', () => {
  const text = readDefinition();

  it.each(['"IsPresent": false', 'States.', '$$.State.', '$$.Task.'])('are spared %s', (words) => {
    const found = text
      .replaceAll(/"States\.(?:ALL|TaskFailed|Timeout|DataLimitExceeded)"/g, '')
      .includes(words);
    expect(found).toBe(false);
  });

  it('are given the input of the execution at the top only', () => {
    const inBranches = statesOf().filter(({ machine }) => machine !== definition);
    expect(JSON.stringify(inBranches.map(({ state }) => state.Parameters))).not.toContain('$$.');
  });
});

describe('Names of errors', () => {
  const named = new Set(
    statesOf().flatMap(({ state }) => [
      ...(state.Error === undefined ? [] : [state.Error]),
      ...[...(state.Retry ?? []), ...(state.Catch ?? [])].flatMap((one) => one.ErrorEquals),
    ]),
  );
  const platform = [...named].filter((name) => /^(?:States|Lambda|Sandbox|Runtime)\./.test(name));
  const own = [...named].filter((name) => !platform.includes(name));

  it('are those that the platform has', () => {
    expect(platform.toSorted()).toEqual([
      'Lambda.TooManyRequestsException',
      'States.ALL',
      'States.DataLimitExceeded',
      'States.TaskFailed',
      'States.Timeout',
    ]);
  });

  // The bundler may rename classes, so the name must stand in each as a literal.
  it.each(own)('%s is the name of an error of the same class', (name) => {
    const Class = (errors as unknown as Record<string, new (message: string) => Error>)[name];
    expect(Class).toBeDefined();
    if (Class !== undefined) expect(Object.entries(new Class('.'))).toContainEqual(['name', name]);
  });

  it('include the one of the contract', () => {
    expect(own).toContain('NotContainedError');
  });
});

describe('Placeholders', () => {
  const properties = template.Resources.ContainmentStateMachine?.Properties;
  const given = at(properties, 'DefinitionSubstitutions') as Record<string, unknown>;
  const used = [...readDefinition().matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name);

  it('are all filled in, and none is filled in for nothing', () => {
    expect([...new Set(used)].toSorted()).toEqual(Object.keys(given).toSorted());
  });

  const named = Object.entries(given).filter(([name]) => name.endsWith('FunctionArn'));

  it.each(named)('%s is the function of its name', (name, value) => {
    expect(value).toEqual({ 'Fn::GetAtt': [name.replace(/Arn$/, ''), 'Arn'] });
  });
});

describe('The order of the runbook', () => {
  it('describe comes first, and nothing runs beside it', () => {
    expect(definition.StartAt).toBe('Describe');
    expect(nextOf(stateCalled('Describe')).toSorted()).toEqual(['IsToContain', 'Report']);
    expect([...reachableFrom('Report')]).not.toContain('Contain');
  });

  it('an instance that is exempt, or could not be described, is not touched', () => {
    const { Choices = [], Default } = stateCalled('IsToContain');
    expect(Choices.map(({ Next }) => Next)).toEqual(['Ask', 'Report', 'PrepareIsolation']);
    expect(Choices[1]).toMatchObject({ Variable: '$.describe.detail.skip', IsPresent: true });
    expect(Default).toBe('Report');
    const reached = reachableFrom('Report');
    const called = tasks.filter(({ name }) => reached.has(name)).map((task) => task.functionId);
    expect([...new Set(called)].toSorted()).toEqual([
      'CheckSnapshotsFunction',
      'NotifyFunction',
      'ReportFunction',
    ]);
  });

  it('what was before is written, and the groups are ready, ahead of every change', () => {
    const { Next, Catch } = stateCalled('PrepareIsolation');
    expect([Next, ...(Catch ?? []).map((one) => one.Next)]).toEqual(['Contain', 'Contain']);
    expect(reachableFrom('Describe', { without: ['PrepareIsolation'] }).has('Contain')).toBe(false);
  });

  // threat B14
  it('then everything runs side by side: the cut, and what it does not wait for', () => {
    const branches = stateCalled('Contain').Branches?.map(({ StartAt }) => StartAt);
    expect(branches).toEqual([
      'IsolateNetwork',
      'DetachAutoScaling',
      'DeregisterLoadBalancers',
      'Protect',
      'Snapshot',
      'CollectEvidence',
    ]);
  });

  it('each step of the runbook is a function of its own', () => {
    expect(Object.fromEntries(tasks.map(({ name, functionId }) => [name, functionId]))).toEqual({
      Describe: 'DescribeFunction',
      PrepareIsolation: 'PrepareIsolationFunction',
      IsolateNetwork: 'IsolateNetworkFunction',
      IsolateWithoutTransition: 'IsolateNetworkFunction',
      ReportIsolation: 'ReportFunction',
      NotifyIsolation: 'NotifyFunction',
      ReinforceCut: 'ReinforceCutFunction',
      IsolateAtLast: 'IsolateNetworkFunction',
      DetachAutoScaling: 'DetachAutoScalingFunction',
      DeregisterLoadBalancers: 'DeregisterLoadBalancersFunction',
      Protect: 'ProtectFunction',
      Snapshot: 'SnapshotFunction',
      CollectEvidence: 'CollectEvidenceFunction',
      Verify: 'VerifyFunction',
      CloseTrail: 'TagFunction',
      ReinforceLast: 'ReinforceCutFunction',
      Report: 'ReportFunction',
      Notify: 'NotifyFunction',
      CheckSnapshots: 'CheckSnapshotsFunction',
      ReportEvidence: 'ReportFunction',
      NotifyEvidence: 'NotifyFunction',
    });
  });
});

describe('The cut', () => {
  const [machine] = stateCalled('Contain').Branches ?? [];
  const reach = (start: string, ...without: readonly string[]): readonly string[] =>
    machine === undefined ? [] : [...reachableFrom(start, { machine, without })];

  it('is made without the transition when isolating failed, or did not answer', () => {
    expect(stateCalled('IsolateNetwork').Catch?.map(({ Next }) => Next)).toEqual([
      'IsolateWithoutTransition',
    ]);
    expect(stateCalled('IsCut')).toMatchObject({
      Choices: [
        { Variable: '$.isolate.outcome', StringEquals: 'failed', Next: 'IsolateWithoutTransition' },
      ],
      Default: 'AfterTheCut',
    });
    for (const name of ['IsolateWithoutTransition', 'IsolateAtLast']) {
      expect(stateCalled(name).Parameters).toMatchObject({ connectionCut: 'none', again: true });
    }
  });

  // fault A7
  it('is tried by itself only twice before somebody is told that it could not be made', () => {
    const busy = (name: string) =>
      stateCalled(name).Retry?.filter(({ ErrorEquals }) =>
        ErrorEquals.some((error) => error === 'AwsUnavailableError' || error === 'States.Timeout'),
      );
    expect(busy('IsolateNetwork')).toEqual([]);
    expect(busy('IsolateWithoutTransition')).toEqual([]);
    expect(nextOf(stateCalled('IsolateWithoutTransition'))).toEqual(['AfterTheCut']);
  });

  // fault O13
  it('is followed by the message, by what cuts further and by another try, none waiting for another', () => {
    expect(stateCalled('AfterTheCut').Branches?.map(({ StartAt }) => StartAt)).toEqual([
      'IsThereNews',
      'ReinforceCut',
      'IsIsolated',
    ]);
    expect(reach('IsolateNetwork', 'AfterTheCut')).not.toContain('CutEnded');
  });

  const failed = [
    { Variable: '$.isolate.Error', IsPresent: true },
    { Variable: '$.isolate.outcome', StringEquals: 'failed' },
  ];

  it('is told of only after it was read back, or could not be made', () => {
    const { Choices = [], Default } = stateCalled('IsThereNews');
    expect(Default).toBe('FirstWordEnded');
    expect(Choices.map(({ Next }) => Next)).toEqual(Choices.map(() => 'ReportIsolation'));
    for (const rule of failed) expect(Choices).toContainEqual(expect.objectContaining(rule));
    for (const name of ['ReportIsolation', 'NotifyIsolation']) {
      const caught = stateCalled(name).Catch?.map(({ Next }) => Next);
      expect(caught, name).toEqual(['FirstWordEnded']);
    }
  });

  it('is tried on where it could not be made', () => {
    expect(stateCalled('IsIsolated')).toMatchObject({
      Choices: failed.map((rule) => ({ ...rule, Next: 'IsolateAtLast' })),
      Default: 'IsolationEnded',
    });
  });
});

describe.each(statesOf().flatMap(({ state }) => state.Branches ?? []))(
  'The branch from $StartAt',
  (branch) => {
    const ends = Object.entries(branch.States).filter(([, state]) => nextOf(state).length === 0);

    it('always ends as a branch, never as an error', () => {
      expect(ends.map(([, state]: [string, State]) => state.End)).toEqual(ends.map(() => true));
    });
  },
);

/** Where a case of this status goes after it was told of. */
const endOf = (status: string): string | undefined => {
  const { Choices = [], Default } = stateCalled('HowDidItEnd');
  const matching = Choices.find(({ Variable, StringEquals, Or = [] }) =>
    [{ Variable, StringEquals }, ...Or].some(
      (rule) => rule.Variable === '$.report.status' && rule.StringEquals === status,
    ),
  );
  return matching?.Next ?? Default;
};

describe('However it goes', () => {
  it('every end is reached by some way', () => {
    expect(endsWithout()).toEqual(terminals);
  });

  it('somebody is told before the end, unless there is nothing to tell', () => {
    expect(endsWithout('Notify')).toEqual(['NoReport']);
  });

  it('what was contained is read back before anybody is told', () => {
    expect([...reachableFrom('Contain', { without: ['Verify'] })]).toEqual(['Contain']);
  });

  it.each(['Describe', 'Contain', 'Verify', 'CloseTrail'])(
    'a failure of %s leads to a message',
    (name) => {
      for (const { Next } of stateCalled(name).Catch ?? []) {
        expect([...reachableFrom(Next)]).toContain('Notify');
        const unheard = reachableFrom(Next, { without: ['Notify'] });
        expect(terminals.filter((end) => unheard.has(end))).toEqual(['NoReport']);
      }
    },
  );

  it('a case that is not contained fails, after the message, with its reason as the cause', () => {
    expect(stateCalled('NotContained')).toMatchObject({
      Type: 'Fail',
      Error: 'NotContainedError',
      CausePath: '$.report.reason',
    });
    expect(endOf('failed')).toBe('NotContained');
  });

  it('a case that waits for somebody’s decision has not failed: its message asks', () => {
    expect(endOf('asked')).toBe('WasTold');
  });

  it('snapshots are followed only for a case that took some', () => {
    expect(endOf('contained')).toBe('FollowSnapshots');
    expect(endOf('partial')).toBe('FollowSnapshots');
    for (const status of ['planned', 'skipped']) expect(endOf(status), status).toBe('WasTold');
  });

  it('a topic that refuses the message is no success', () => {
    expect(stateCalled('WasTold').Choices).toEqual([
      { Variable: '$.notify.Error', IsPresent: true, Next: 'NobodyWasTold' },
    ]);
    expect(stateCalled('NobodyWasTold').Type).toBe('Fail');
    expect(endsWithout('WasTold')).not.toContain('Done');
  });
});

describe('Following the snapshots', () => {
  const days = 24 * 3600;
  const waits: number[] = [];
  for (let waited = 0; waited < 3 * days; waited += waits.at(-1) ?? 0) {
    waits.push(nextWait(waits.at(-1)));
  }

  it('waits as long as the last look says, and tells the next one of it', () => {
    expect(stateCalled('WaitForSnapshots')).toMatchObject({
      Type: 'Wait',
      SecondsPath: '$.check.detail.waitSeconds',
      Next: 'CheckSnapshots',
    });
    expect(stateCalled('CheckSnapshots').Parameters).toMatchObject({
      'waitedSeconds.$': '$.check.detail.waitSeconds',
    });
    expect(stateCalled('FollowSnapshots')).toMatchObject({
      Type: 'Pass',
      Result: { detail: { waitSeconds: 0 } },
      ResultPath: '$.check',
      Next: 'CheckSnapshots',
    });
    expect(nextWait(0)).toBe(nextWait(undefined));
  });

  it('waits longer each time, from seconds to a quarter of an hour', () => {
    expect(waits[0]).toBeLessThanOrEqual(10);
    expect(waits.every((seconds, n) => n === 0 || seconds >= (waits[n - 1] ?? 0))).toBe(true);
    expect(waits.at(-1)).toBe(900);
  });

  it('fits into the history and the time of one execution', () => {
    // A look is at most five events, its choice two, the wait two; a repeated look adds three.
    const repeats = stateCalled('CheckSnapshots').Retry ?? [];
    const most = repeats.reduce((sum, { MaxAttempts = 3 }) => sum + MaxAttempts, 0);
    const eventsPerLook = 9 + 3 * most;
    expect(waits.length * eventsPerLook).toBeLessThan(25_000);
    expect(definition.TimeoutSeconds).toBeGreaterThan(3 * days + 3600);
  });

  it('ends with a second message, also where they could not be looked at', () => {
    const { Choices = [], Default } = stateCalled('AreSnapshotsFinished');
    expect(Default).toBe('ReportEvidence');
    expect(Choices.map(({ Next }) => Next)).toEqual(['WasTold', 'WaitForSnapshots']);
    const caught = stateCalled('CheckSnapshots').Catch?.map(({ Next }) => Next);
    expect(caught).toEqual(['ReportEvidence']);
    expect([...reachableFrom('ReportEvidence')]).toContain('NotifyEvidence');
  });
});
