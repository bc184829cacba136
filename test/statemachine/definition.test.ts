import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../emulator/template.ts';
import * as errors from '../../src/case/errors.ts';
import { nextWait } from '../../src/steps/check-snapshots.ts';
import { at, template } from '../template/stack.ts';
import type { State } from './definition.ts';
import { definition, nextOf, reachableFrom, stateCalled, statesOf, tasksOf } from './definition.ts';

const tasks = tasksOf();

/**
 * What Lambda may answer for a function that has not failed by itself
 * (https://docs.aws.amazon.com/step-functions/latest/dg/sfn-best-practices.html#bp-lambda-serviceexception,
 * https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html).
 */
const platformErrors = [
  'Lambda.ServiceException',
  'Lambda.AWSLambdaException',
  'Lambda.SdkClientException',
  'Lambda.ClientExecutionTimeoutException',
  'Lambda.TooManyRequestsException',
  'Lambda.Unknown',
  'Sandbox.Timedout',
  'Runtime.ExitError',
];
const terminals = Object.entries(definition.States)
  .filter(([, state]) => nextOf(state).length === 0)
  .map(([name]) => name);

/** How the whole machine can end when it avoids some of its states. */
const endsWithout = (...without: readonly string[]): readonly string[] =>
  terminals.filter((name) => reachableFrom(definition.StartAt, { without }).has(name));

describe.each(tasks)('The task $name', ({ state }) => {
  it('does not wait for ever', () => {
    expect(state.TimeoutSeconds).toBeGreaterThan(0);
  });

  it('is repeated after passing failures, spread in time', () => {
    expect(state.Retry?.length).toBeGreaterThan(0);
    for (const retry of state.Retry ?? []) {
      expect(retry).toMatchObject({ JitterStrategy: 'FULL', BackoffRate: 2 });
      expect(retry.IntervalSeconds).toBeGreaterThan(0);
      expect(retry.MaxAttempts).toBeGreaterThan(0);
      expect(retry.MaxDelaySeconds).toBeGreaterThanOrEqual(retry.IntervalSeconds ?? 0);
      expect(retry.ErrorEquals).not.toContain('States.ALL');
      expect(retry.ErrorEquals).not.toContain('States.DataLimitExceeded');
    }
  });

  // fault D9
  it('is repeated after every passing failure of the platform, the same as all others', () => {
    expect(state.Retry?.[0]?.ErrorEquals).toEqual(platformErrors);
    const others = state.Retry?.slice(1).flatMap(({ ErrorEquals }) => ErrorEquals) ?? [];
    expect(others.filter((name) => /^(?:Lambda|Sandbox|Runtime)\./.test(name))).toEqual([]);
  });

  // States.ALL does not catch DataLimitExceeded, and must stand alone in the last catcher
  // (https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html).
  it('lets no failure out, and keeps what was known before it', () => {
    const caught = (state.Catch ?? []).map(({ ErrorEquals }) => ErrorEquals);
    expect(caught.at(-1)).toEqual(['States.ALL']);
    expect(caught.slice(0, -1).flat()).toEqual(['States.DataLimitExceeded']);
    for (const { ResultPath } of state.Catch ?? []) expect(ResultPath).toMatch(/^\$\.\w/);
  });
});

it.each(['Contain', 'AfterTheCut'])('%s lets no failure of the engine out either', (name) => {
  expect(stateCalled(name).Catch?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
    ['States.DataLimitExceeded'],
    ['States.ALL'],
  ]);
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
    expect(platform.toSorted()).toEqual(
      [...platformErrors, 'States.ALL', 'States.DataLimitExceeded', 'States.Timeout'].toSorted(),
    );
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

  it.each(Object.entries(given))('%s is the function of its name', (name, value) => {
    expect(value).toEqual({ 'Fn::GetAtt': [name.replace(/Arn$/, ''), 'Arn'] });
  });
});

describe('The order of the runbook', () => {
  it('describe comes first, and nothing runs beside it', () => {
    expect(definition.StartAt).toBe('Describe');
    expect(nextOf(stateCalled('Describe')).toSorted()).toEqual(['DescribeFailed', 'IsExempt']);
    expect([...reachableFrom('DescribeFailed')]).not.toContain('Contain');
  });

  it('an instance that is exempt is not touched', () => {
    const { Choices, Default } = stateCalled('IsExempt');
    expect(Choices).toEqual([
      { Variable: '$.describe.detail.skip', IsPresent: true, Next: 'Skip' },
    ]);
    expect(Default).toBe('PrepareIsolation');
    const reached = reachableFrom('Skip');
    const called = tasks.filter(({ name }) => reached.has(name)).map((task) => task.functionId);
    expect([...new Set(called)].toSorted()).toEqual([
      'CheckSnapshotsFunction',
      'NotifyFunction',
      'ReportFunction',
    ]);
  });

  it('what was before is written, and the groups are ready, ahead of every change', () => {
    expect(stateCalled('IsExempt').Default).toBe('PrepareIsolation');
    const { Next, Catch } = stateCalled('PrepareIsolation');
    expect(Next).toBe('Contain');
    expect(Catch?.map((one) => one.Next)).toEqual(['PrepareFailed', 'PrepareFailed']);
    expect(stateCalled('PrepareFailed').Next).toBe('Contain');
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
      Verify: 'VerifyFunction',
      CloseTrail: 'TagFunction',
      Report: 'ReportFunction',
      Notify: 'NotifyFunction',
      CheckSnapshots: 'CheckSnapshotsFunction',
      CheckSnapshotsAgain: 'CheckSnapshotsFunction',
      ReportEvidence: 'ReportFunction',
      NotifyEvidence: 'NotifyFunction',
    });
  });
});

describe('The cut', () => {
  const [machine] = stateCalled('Contain').Branches ?? [];
  const reach = (start: string, ...without: readonly string[]): readonly string[] =>
    machine === undefined ? [] : [...reachableFrom(start, { machine, without })];

  it('is made without the transition when isolating failed', () => {
    const { Catch } = stateCalled('IsolateNetwork');
    expect(Catch?.map(({ Next }) => Next)).toEqual([
      'IsolateWithoutTransition',
      'IsolateWithoutTransition',
    ]);
    for (const name of ['IsolateWithoutTransition', 'IsolateAtLast']) {
      expect(stateCalled(name).Parameters).toMatchObject({ connectionCut: 'none', attempt: 1 });
    }
    expect(stateCalled('IsolateNetwork').Parameters).toMatchObject({
      'attempt.$': '$$.State.RetryCount',
    });
  });

  // fault A7
  it('is tried by itself only twice before somebody is told that it could not be made', () => {
    const busy = (name: string) =>
      stateCalled(name).Retry?.filter(({ ErrorEquals }) =>
        ErrorEquals.some((error) => error === 'AwsUnavailableError' || error === 'States.Timeout'),
      );
    expect(busy('IsolateNetwork')).toEqual([]);
    expect(busy('IsolateWithoutTransition')).toEqual([]);
    expect(stateCalled('IsolateWithoutTransition').Catch?.map(({ Next }) => Next)).toEqual([
      'NotIsolated',
      'NotIsolated',
    ]);
    expect(stateCalled('NotIsolated')).toMatchObject({
      Parameters: { step: 'isolate-network', outcome: 'failed' },
      Next: 'AfterTheCut',
    });
  });

  // fault O13
  it('is followed by the message, by what cuts further and by another try, none waiting for another', () => {
    expect(stateCalled('AfterTheCut').Branches?.map(({ StartAt }) => StartAt)).toEqual([
      'IsThereNews',
      'ReinforceCut',
      'IsIsolated',
    ]);
    expect(reach('IsolateNetwork', 'AfterTheCut')).not.toContain('CutDone');
  });

  it('is told of only after it was read back, or could not be made', () => {
    expect(stateCalled('IsThereNews')).toMatchObject({
      Default: 'FirstWordDone',
      Choices: [
        {
          Or: [
            { Variable: '$.isolate.outcome', StringEquals: 'done' },
            { Variable: '$.isolate.outcome', StringEquals: 'failed' },
          ],
          Next: 'ReportIsolation',
        },
      ],
    });
    for (const name of ['ReportIsolation', 'NotifyIsolation']) {
      const caught = stateCalled(name).Catch?.map(({ Next }) => Next);
      expect(caught, name).toEqual(['FirstWordDone', 'FirstWordDone']);
    }
  });

  it('is tried on where it could not be made', () => {
    expect(stateCalled('IsIsolated')).toMatchObject({
      Choices: [{ Variable: '$.isolate.outcome', StringEquals: 'failed', Next: 'IsolateAtLast' }],
      Default: 'Isolated',
    });
  });

  it('hands on its last entry and what was cut further', () => {
    expect(stateCalled('AfterTheCut').ResultSelector).toEqual({
      'steps.$': 'States.Array($[2], $[1])',
    });
  });
});

describe('The further cuts, which no security group makes', () => {
  it('keep nothing when they fail: their entry says so, and the branch goes on', () => {
    expect(stateCalled('ReinforceCut').Catch?.map(({ Next }) => Next)).toEqual([
      'ReinforceCutFailed',
      'ReinforceCutFailed',
    ]);
    expect(stateCalled('ReinforceCutFailed')).toMatchObject({
      Parameters: { step: 'reinforce-cut', outcome: 'failed' },
      End: true,
    });
  });

  it('work on the instance as it was described, as the isolation does', () => {
    expect(stateCalled('ReinforceCut').Parameters).toEqual({
      'case.$': '$.describe.detail.case',
      'before.$': '$.describe.detail.before',
      // What an earlier try has noted is added to.
      'attempt.$': '$$.State.RetryCount',
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
    const reached = reachableFrom('Contain', { without: ['Verify'] });
    expect([...reached].toSorted()).toEqual(['CollectSteps', 'Contain', 'ContainFailed']);
  });

  it.each(['DescribeFailed', 'ContainFailed', 'VerifyFailed', 'CloseTrailFailed'])(
    '%s leads to a message',
    (name) => {
      expect([...reachableFrom(name)]).toContain('Notify');
      expect(
        terminals.filter((end) => reachableFrom(name, { without: ['Notify'] }).has(end)),
      ).toEqual(['NoReport']);
    },
  );

  it('a case that is not contained fails, after the message', () => {
    expect(stateCalled('NotContained')).toMatchObject({
      Type: 'Fail',
      Error: 'NotContainedError',
      CausePath: 'States.JsonToString($)',
    });
    expect(endOf('failed')).toBe('SummarizeFailure');
    expect(stateCalled('SummarizeFailure')).toMatchObject({
      Parameters: {
        'caseId.$': '$.report.caseId',
        'status.$': '$.report.status',
        'reason.$': '$.report.reason',
      },
      Next: 'NotContained',
    });
  });

  it('a case that waits for somebody’s decision has not failed: its message asks', () => {
    expect(endOf('asked')).toBe('WasTold');
  });

  it('snapshots are followed only for a case that took some', () => {
    expect(endOf('contained')).toBe('CheckSnapshots');
    expect(endOf('partial')).toBe('CheckSnapshots');
    for (const status of ['planned', 'skipped']) expect(endOf(status), status).toBe('WasTold');
  });

  it('a topic that refuses the message is no success', () => {
    expect(stateCalled('WasTold').Choices).toEqual([
      { Variable: '$.notify.outcome', StringEquals: 'failed', Next: 'NobodyWasTold' },
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
      Next: 'CheckSnapshotsAgain',
    });
    expect(stateCalled('CheckSnapshotsAgain').Parameters).toMatchObject({
      'waitedSeconds.$': '$.check.detail.waitSeconds',
    });
    expect(stateCalled('CheckSnapshots').Parameters).not.toHaveProperty('waitedSeconds.$');
  });

  it('waits longer each time, from seconds to a quarter of an hour', () => {
    expect(waits[0]).toBeLessThanOrEqual(10);
    expect(waits.every((seconds, n) => n === 0 || seconds >= (waits[n - 1] ?? 0))).toBe(true);
    expect(waits.at(-1)).toBe(900);
  });

  it('fits into the history and the time of one execution', () => {
    // A look is at most five events, its choice two, the wait two; a repeated look adds three.
    const repeats = stateCalled('CheckSnapshotsAgain').Retry ?? [];
    const most = repeats.reduce((sum, { MaxAttempts = 0 }) => sum + MaxAttempts, 0);
    const eventsPerLook = 9 + 3 * most;
    expect(waits.length * eventsPerLook).toBeLessThan(25_000);
    expect(definition.TimeoutSeconds).toBeGreaterThan(3 * days + 3600);
  });

  it('ends with a second message', () => {
    expect([...reachableFrom('CheckSnapshotsFailed')]).toContain('NotifyEvidence');
    const { Choices } = stateCalled('AreSnapshotsFinished');
    expect(Choices).toContainEqual({
      Variable: '$.check.detail.finished',
      BooleanEquals: true,
      Next: 'ReportEvidence',
    });
  });
});
