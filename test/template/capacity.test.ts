import { describe, expect, it } from 'vitest';
import { stack } from './opted-in.ts';
import { resolved, withParameters } from './resolve.ts';
import { resource, resourcesOfType } from './stack.ts';

/** What a finding needs until the instance is isolated. */
const pathToTheCut = [
  'IntakeFunction',
  'DescribeFunction',
  'PrepareIsolationFunction',
  'IsolateNetworkFunction',
];

const reservedIn = (value: string): Readonly<Record<string, unknown>> => {
  const deployed = withParameters(stack, { ReservedConcurrency: value });
  return Object.fromEntries(
    resourcesOfType(deployed, 'AWS::Lambda::Function').flatMap(([name, { Properties }]) => {
      const { ReservedConcurrentExecutions: reserved } = resolved(deployed, Properties) as Record<
        string,
        unknown
      >;
      return reserved === undefined ? [] : [[name, reserved]];
    }),
  );
};

describe('An account whose other functions use all executions', () => {
  // fault D11
  it('cannot keep Cordon from cutting, where executions are reserved for the path to the cut', () => {
    expect(reservedIn('10')).toEqual(Object.fromEntries(pathToTheCut.map((name) => [name, '10'])));
  });

  // Lambda keeps 100 executions unreserved: an account with a quota of 10 could not deploy
  // (https://docs.aws.amazon.com/lambda/latest/dg/configuration-concurrency.html).
  it('may be so small that nothing can be reserved: that is the default', () => {
    expect(stack.Parameters.ReservedConcurrency?.Default).toBe(0);
    expect(reservedIn('0')).toEqual({});
  });

  // One execution at a time would hold up the second instance of an attack sequence.
  it('is never given so few that cases wait for one another', () => {
    const values = stack.Parameters.ReservedConcurrency?.AllowedValues ?? [];
    expect(values.filter((value) => value !== 0).every((value) => Number(value) >= 10)).toBe(true);
  });

  it('still has room for the watch, which is not on the path', () => {
    expect(resource(stack, 'DriftFunction').Properties).not.toHaveProperty(
      'ReservedConcurrentExecutions',
    );
  });
});
