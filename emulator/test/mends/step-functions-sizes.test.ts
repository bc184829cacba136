import { expect, test } from 'vitest';
import { runDefinition } from '../execution.ts';
import { useEmulator } from '../fixture.ts';

const aws = useEmulator();

const FUNCTION = 'arn:aws:lambda:us-east-1:123456789012:function:work';

const twice = {
  StartAt: 'Call',
  States: {
    Call: {
      Type: 'Task',
      Resource: FUNCTION,
      Parameters: { 'one.$': '$', 'two.$': '$' },
      Catch: [{ ErrorEquals: ['States.DataLimitExceeded'], Next: 'TooMuch' }],
      End: true,
    },
    TooMuch: { Type: 'Pass', Result: 'too much', End: true },
  },
};

// fault D12
test('what a state puts together for a function is refused beyond 256 KB, as AWS does', async () => {
  aws.emulator.onInvoke(async () => ({ payload: 'taken' }));
  const run = async (bytes: number): Promise<string | undefined> =>
    (await runDefinition(aws.sfn, twice, { text: 'x'.repeat(bytes) })).output;
  expect(await run(100_000)).toContain('taken');
  expect(await run(140_000)).toContain('too much');
});
