import { DescribeNetworkInterfacesCommand, GetConsoleOutputCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { collectOne } from '../../src/evidence/collect-one.ts';
import type { Collector, Progress } from '../../src/evidence/collector.ts';
import { consoleOutput } from '../../src/evidence/console-output/collector.ts';
import { collectors } from '../../src/evidence/index.ts';
import { evidenceKinds } from '../../src/evidence/kinds.ts';
import { userData } from '../../src/evidence/user-data/collector.ts';
import { openStore } from '../../src/record/evidence-store/evidence-store.ts';
import { awsError, denied, throttled } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';
import { aBefore, aCase, instanceId } from '../steps/sample-instance.ts';
import { memoryStore } from './memory-store.ts';

const input = { case: aCase(), before: aBefore() };

const aScene = () => {
  const aws = fakeAws();
  const { bucket } = memoryStore();
  const store = openStore({ bucket, clock: aws.clock, by: 'the function' }, input.case);
  return { aws, store, deps: { ...aws.deps, store } };
};

const aCollector = (change: Partial<Collector> = {}): Collector => ({
  ...consoleOutput,
  name: 'sample',
  collect: async () => ({ outcome: 'done', sentence: 'It is there.' }),
  ...change,
});

/** Calls a collector until it has ended, as the machine does, at most so often. */
const toTheEnd = async (
  collector: Collector,
  deps: Parameters<typeof collectOne>[1],
  most = 500,
): Promise<{ readonly progress: Progress; readonly looks: number }> => {
  let progress = await collectOne(collector, deps, input);
  let looks = 1;
  while (progress.outcome === 'waiting' && looks < most) {
    progress = await collectOne(collector, deps, input, progress.state);
    looks += 1;
  }
  return { progress, looks };
};

const interfaceIn = (GroupName: string) => ({
  NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1', Groups: [{ GroupId: 'sg-1', GroupName }] }],
});

describe('The registry', () => {
  it('has one collector for each kind, in the same order', () => {
    expect(collectors.map(({ name }) => name)).toEqual(evidenceKinds.map(({ name }) => name));
  });
});

describe('A collector that fails', () => {
  it('says so as its outcome, in one sentence, and ends nothing else', async () => {
    const { aws, deps } = aScene();
    aws.ec2.on(GetConsoleOutputCommand).rejects(denied());
    expect(await collectOne(consoleOutput, deps, input)).toEqual({
      outcome: 'failed',
      sentence: expect.stringContaining('UnauthorizedOperation'),
    });
  });

  it('is called again by the machine where AWS may answer later', async () => {
    const { aws, deps } = aScene();
    aws.ec2.on(GetConsoleOutputCommand).rejects(throttled());
    await expect(collectOne(consoleOutput, deps, input)).rejects.toMatchObject({
      name: 'AwsUnavailableError',
    });
  });
});

describe('A collector that would stand in the way of the cut', () => {
  it('does not begin before every interface is isolated', async () => {
    const { aws, deps } = aScene();
    let collected = 0;
    const collector = aCollector({
      afterTheCut: true,
      collect: async () => {
        collected += 1;
        return { outcome: 'done', sentence: 'It is there.' };
      },
    });
    aws.ec2
      .on(DescribeNetworkInterfacesCommand)
      .resolvesOnce(interfaceIn('web'))
      .resolvesOnce(interfaceIn('cordon-transition'))
      .resolves(interfaceIn('cordon-isolation-full'));
    expect(await toTheEnd(collector, deps)).toMatchObject({
      progress: { outcome: 'done' },
      looks: 3,
    });
    expect(collected).toBe(1);
  });

  it('gives up after a quarter of an hour, and says why', async () => {
    const { aws, deps } = aScene();
    aws.ec2.on(DescribeNetworkInterfacesCommand).resolves(interfaceIn('web'));
    expect(await toTheEnd(aCollector({ afterTheCut: true }), deps)).toMatchObject({
      progress: { outcome: 'failed', sentence: expect.stringContaining('not isolated') },
    });
  });
});

describe('How a kind ended', () => {
  it('is on record at once, not only when the slowest of them has ended', async () => {
    const { deps, store } = aScene();
    const waiting = { outcome: 'waiting', sentence: 'Soon.', waitSeconds: 1, state: {} } as const;
    const done = { outcome: 'done', sentence: 'It is there.' } as const;
    await collectOne(aCollector({ collect: async () => waiting }), deps, input);
    expect(await store.outcomes()).toEqual([]);
    await collectOne(aCollector({ collect: async () => done }), deps, input);
    expect(await store.outcomes()).toMatchObject([{ collector: 'sample', ...done }]);
  });
});

describe('What an earlier run of the case has collected', () => {
  it('is not collected a second time', async () => {
    const { deps, store } = aScene();
    await store.end({ collector: 'sample', outcome: 'done', sentence: 'It is there.' });
    const collector = aCollector({
      collect: () => Promise.reject(new Error('nothing is to be collected')),
    });
    expect(await collectOne(collector, deps, input)).toEqual({
      outcome: 'already',
      sentence: 'It is there.',
    });
  });

  it('is tried again where it failed', async () => {
    const { deps, store } = aScene();
    await store.end({ collector: 'sample', outcome: 'failed', sentence: 'It was refused.' });
    expect(await collectOne(aCollector(), deps, input)).toMatchObject({ outcome: 'done' });
  });
});

describe('The console', () => {
  it('is asked for its latest output, and for the last there is where the host is no Nitro', async () => {
    const { aws, deps, store } = aScene();
    const Output = Buffer.from('boot').toString('base64');
    aws.ec2
      .on(GetConsoleOutputCommand)
      .resolves({ Output, $metadata: {} })
      .on(GetConsoleOutputCommand, { InstanceId: instanceId, Latest: true })
      .rejects(awsError('UnsupportedOperation'));
    await collectOne(consoleOutput, deps, input);
    expect(await store.pieces()).toMatchObject([
      { what: 'Console output of the last change of state', bytes: 4 },
    ]);
  });
});

describe('User data', () => {
  it('goes into the store, and into no log', async () => {
    const { aws, deps, store } = aScene();
    const secret = 'password=correct-horse';
    const { DescribeInstanceAttributeCommand } = await import('@aws-sdk/client-ec2');
    aws.ec2
      .on(DescribeInstanceAttributeCommand)
      .resolves({ $metadata: {}, UserData: { Value: Buffer.from(secret).toString('base64') } });
    const progress = await collectOne(userData, deps, input);
    expect(await store.pieces()).toMatchObject([{ bytes: secret.length }]);
    expect(JSON.stringify([progress, aws.log])).not.toContain('correct-horse');
  });
});
