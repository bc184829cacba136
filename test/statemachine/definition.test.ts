import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../emulator/template.ts';
import * as errors from '../../src/case/errors.ts';
import { nextWait } from '../../src/steps/check-snapshots.ts';
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
      expect(retry.ErrorEquals).toEqual(
        expect.arrayContaining([
          'Lambda.ServiceException',
          'Lambda.AWSLambdaException',
          'Lambda.SdkClientException',
          'Lambda.TooManyRequestsException',
        ]),
      );
      expect(retry.ErrorEquals).not.toContain('States.ALL');
      expect(retry.ErrorEquals).not.toContain('States.DataLimitExceeded');
    }
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

it('the parallel state around all of them lets no failure of the engine out either', () => {
  expect(stateCalled('Contain').Catch?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([
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
  const platform = [...named].filter((name) => /^(?:States|Lambda)\./.test(name));
  const own = [...named].filter((name) => !platform.includes(name));

  it('are those that the platform has', () => {
    expect(platform.toSorted()).toEqual([
      'Lambda.AWSLambdaException',
      'Lambda.ClientExecutionTimeoutException',
      'Lambda.SdkClientException',
      'Lambda.ServiceException',
      'Lambda.TooManyRequestsException',
      'States.ALL',
      'States.DataLimitExceeded',
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
    expect(Default).toBe('Contain');
    const reached = reachableFrom('Skip');
    const called = tasks.filter(({ name }) => reached.has(name)).map((task) => task.functionId);
    expect([...new Set(called)].toSorted()).toEqual([
      'CheckSnapshotsFunction',
      'NotifyFunction',
      'ReportFunction',
    ]);
  });

  it('the branches run side by side: network, load balancers, protection, snapshots, tags', () => {
    const branches = stateCalled('Contain').Branches?.map(({ StartAt }) => StartAt);
    expect(branches).toEqual([
      'DetachAndPrepare',
      'DeregisterLoadBalancers',
      'Protect',
      'Snapshot',
      'OpenTrail',
    ]);
  });

  it('each step of the runbook is a function of its own', () => {
    expect(Object.fromEntries(tasks.map(({ name, functionId }) => [name, functionId]))).toEqual({
      Describe: 'DescribeFunction',
      DetachAutoScaling: 'DetachAutoScalingFunction',
      PrepareIsolation: 'PrepareIsolationFunction',
      IsolateNetwork: 'IsolateNetworkFunction',
      IsolateWithoutTransition: 'IsolateNetworkFunction',
      ReportIsolation: 'ReportFunction',
      NotifyIsolation: 'NotifyFunction',
      ReinforceCut: 'ReinforceCutFunction',
      DeregisterLoadBalancers: 'DeregisterLoadBalancersFunction',
      Protect: 'ProtectFunction',
      Snapshot: 'SnapshotFunction',
      OpenTrail: 'TagFunction',
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

describe('The network branch', () => {
  const [machine] = stateCalled('Contain').Branches ?? [];
  const reach = (start: string, ...without: readonly string[]): readonly string[] =>
    machine === undefined ? [] : [...reachableFrom(start, { machine, without })];

  it('isolates after the detach, and after the groups are ready', () => {
    expect(machine?.StartAt).toBe('DetachAndPrepare');
    const beside = stateCalled('DetachAndPrepare').Branches?.map(({ StartAt }) => StartAt);
    expect(beside).toEqual(['DetachAutoScaling', 'PrepareIsolation']);
    expect(nextOf(stateCalled('DetachAndPrepare'))).toEqual(['IsolateNetwork']);
  });

  it('isolates although the detach was refused, or is not answered within seconds', () => {
    const detach = stateCalled('DetachAutoScaling');
    expect(detach.Catch?.map(({ Next }) => Next)).toEqual(['DetachFailed', 'DetachFailed']);
    expect(stateCalled('DetachFailed').End).toBe(true);
    expect(detach.TimeoutSeconds).toBeLessThanOrEqual(15);
    expect(detach.Retry?.flatMap(({ ErrorEquals }) => ErrorEquals)).not.toContain('States.Timeout');
  });

  it('isolates without the transition when isolating failed', () => {
    const { Catch } = stateCalled('IsolateNetwork');
    expect(Catch?.map(({ Next }) => Next)).toEqual([
      'IsolateWithoutTransition',
      'IsolateWithoutTransition',
    ]);
    expect(stateCalled('IsolateWithoutTransition').Parameters).toMatchObject({
      connectionCut: 'none',
      attempt: 1,
    });
    expect(stateCalled('IsolateNetwork').Parameters).toMatchObject({
      'attempt.$': '$$.State.RetryCount',
    });
  });

  it('sends the first message only after the cut was read back, and only for a new cut', () => {
    expect(reach('DetachAndPrepare', 'IsNewlyIsolated')).not.toContain('NotifyIsolation');
    expect(reach('IsolateFailed')).not.toContain('NotifyIsolation');
    expect(stateCalled('IsNewlyIsolated').Default).toBe('ReinforceCut');
    expect(stateCalled('IsNewlyIsolated').Choices).toEqual([
      { Variable: '$.network.isolate.outcome', StringEquals: 'done', Next: 'ReportIsolation' },
    ]);
  });
});

describe('The further cuts, which no security group makes', () => {
  const [machine] = stateCalled('Contain').Branches ?? [];
  const reach = (start: string, ...without: readonly string[]): readonly string[] =>
    machine === undefined ? [] : [...reachableFrom(start, { machine, without })].toSorted();
  const comingFrom = Object.entries(machine?.States ?? {})
    .filter(([, state]) => nextOf(state).includes('ReinforceCut'))
    .map(([name]) => name);

  it('wait for the isolation, and for the first message where there is one', () => {
    expect(comingFrom).toEqual([
      'IsolateFailed',
      'IsNewlyIsolated',
      'ReportIsolation',
      'NotifyIsolation',
    ]);
    expect(reach('DetachAndPrepare', 'IsolateNetwork')).not.toContain('ReinforceCut');
  });

  it('are made although isolating failed, and although the first message did', () => {
    expect(nextOf(stateCalled('IsolateFailed'))).toEqual(['ReinforceCut']);
    for (const name of ['ReportIsolation', 'NotifyIsolation']) {
      const caught = stateCalled(name).Catch?.map(({ Next }) => Next);
      expect(caught, name).toEqual(['ReinforceCut', 'ReinforceCut']);
    }
    expect(reach('DetachAndPrepare', 'ReinforceCut')).not.toContain('NetworkDone');
  });

  it('keep nothing when they fail: their entry says so, and the branch goes on', () => {
    expect(stateCalled('ReinforceCut').Catch?.map(({ Next }) => Next)).toEqual([
      'ReinforceFailed',
      'ReinforceFailed',
    ]);
    expect(stateCalled('ReinforceFailed')).toMatchObject({
      Parameters: { step: 'reinforce-cut', outcome: 'failed' },
      ResultPath: '$.network.reinforce',
      Next: 'NetworkDone',
    });
    expect(reach('ReinforceCut')).toEqual(['NetworkDone', 'ReinforceCut', 'ReinforceFailed']);
  });

  it('are told with the other steps of the network branch', () => {
    expect(stateCalled('NetworkDone').Parameters).toEqual({
      'steps.$':
        'States.Array($.network.detach, $.network.prepare, $.network.isolate, $.network.reinforce)',
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

  it('a case that waits for somebody’s decision is not contained either', () => {
    expect(endOf('asked')).toBe('SummarizeFailure');
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
    const eventsPerLook = 9 + 3 * (stateCalled('CheckSnapshotsAgain').Retry?.[0]?.MaxAttempts ?? 0);
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
