import { DescribeExecutionCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { describe, expect, it } from 'vitest';
import { minutesAllowed, saveMemoryFirst } from '../src/memory-first.ts';
import { denied } from './steps/aws-error.ts';
import { fakeAws } from './steps/fake-aws.ts';
import { aBefore, aCase, caseId } from './steps/sample-instance.ts';

const stateMachineArn = 'arn:aws:states:eu-central-1:111122223333:stateMachine:evidence';

const aScene = (stop?: AbortSignal, read = async () => aBefore()) => {
  const aws = fakeAws();
  const told: string[] = [];
  const choice = {
    ...{ stepFunctions: aws.deps.clients.stepFunctions, stateMachineArn, minutes: 10, by: 'sam' },
    read,
    tell: (line: string) => void told.push(line),
    ...(stop === undefined ? {} : { stop }),
  };
  aws.stepFunctions.on(StartExecutionCommand).resolves({});
  return { aws, told, save: () => saveMemoryFirst(aws.deps, aCase(), choice) };
};

describe('Memory before the cut', () => {
  it('is collected by a run of its own, with who chose it, and the cut follows when it has ended', async () => {
    const { aws, told, save } = aScene();
    aws.stepFunctions
      .on(DescribeExecutionCommand)
      .resolvesOnce({ status: 'RUNNING' })
      .resolves({ status: 'SUCCEEDED' });
    const chosen = await save();
    const [started] = aws.stepFunctions.commandCalls(StartExecutionCommand);
    expect(started?.args[0].input.name).toBe(`${caseId}-first`);
    expect(JSON.parse(started?.args[0].input.input ?? '')).toMatchObject({
      case: { caseId, memoryFirst: { by: 'sam', minutes: 10 } },
    });
    expect(chosen.trigger.reason).toContain(
      'memory before the cut, for at most 10 minutes, chosen by sam',
    );
    // The containment itself waits for nothing more.
    expect(chosen.memoryFirst).toBeUndefined();
    expect(aws.clock.elapsed).toBe(5_000);
    expect(told.at(-1)).toContain('has ended; the cut follows');
  });

  it('never holds the cut up longer than the stack allows', async () => {
    const { aws, told, save } = aScene();
    aws.stepFunctions.on(DescribeExecutionCommand).resolves({ status: 'RUNNING' });
    await save();
    expect(aws.clock.elapsed).toBe(600_000);
    expect(told.at(-1)).toContain('the cut follows now');
  });

  it('never keeps the cut from coming, whatever fails', async () => {
    const { aws, told, save } = aScene();
    aws.stepFunctions.on(StartExecutionCommand).rejects(denied());
    expect((await save()).caseId).toBe(caseId);
    expect(told.at(-1)).toContain('Memory was not saved before the cut, which follows now');
    const unread = aScene(undefined, () => Promise.reject(new Error('no such instance')));
    expect((await unread.save()).caseId).toBe(caseId);
  });

  it('is ended by the person, and not the cut', async () => {
    const stop = new AbortController();
    stop.abort();
    const { aws, save } = aScene(stop.signal);
    await save();
    expect(aws.stepFunctions.commandCalls(DescribeExecutionCommand)).toEqual([]);
  });

  it.each([{}, { MemoryFirstMinutes: '0', CollectsMemory: 'true' }, { MemoryFirstMinutes: '10' }])(
    'is refused before anything is begun where the stack does not allow it: %o',
    (outputs) => {
      expect(() => minutesAllowed(outputs)).toThrow(/Nothing was begun/);
    },
  );

  it('is allowed for as long as the stack says', () => {
    expect(minutesAllowed({ MemoryFirstMinutes: '10', CollectsMemory: 'true' })).toBe(10);
  });
});
