import { DescribeInstancesCommand, DescribeVpcsCommand } from '@aws-sdk/client-ec2';
import { describe, expect, it } from 'vitest';
import { giveUpAfter } from '../../src/aws/deadline.ts';
import { isUnavailable } from '../../src/aws/errors.ts';
import { insist } from '../../src/aws/insist.ts';
import { AwsUnavailableError } from '../../src/case/errors.ts';
import { denied, throttled } from '../steps/aws-error.ts';
import { fakeAws } from '../steps/fake-aws.ts';

const never = () => new Promise(() => {});

const scene = () => {
  const aws = fakeAws();
  const { ec2 } = aws.deps.clients;
  const look = () => ec2.send(new DescribeInstancesCommand({}));
  return { aws, look };
};

describe('a deadline', () => {
  // fault A7
  it('gives up a call that is never answered, as an error that may pass', async () => {
    const { aws, look } = scene();
    aws.ec2.on(DescribeInstancesCommand).callsFake(never);
    const error: unknown = await giveUpAfter(aws.clock, 3_000, look).catch((one: unknown) => one);
    expect(isUnavailable(error)).toBe(true);
    expect(aws.clock.elapsed).toBe(3_000);
  });

  it('lets the work say what it has read and what it has not', async () => {
    const { aws, look } = scene();
    aws.ec2.on(DescribeInstancesCommand).callsFake(never);
    aws.ec2.on(DescribeVpcsCommand).resolves({ Vpcs: [] });
    const { ec2 } = aws.deps.clients;
    const read = await giveUpAfter(aws.clock, 3_000, () =>
      Promise.allSettled([look(), ec2.send(new DescribeVpcsCommand({}))]),
    );
    expect(read.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  });

  it('inside another ends with the first of the two', async () => {
    const { aws, look } = scene();
    aws.ec2.on(DescribeInstancesCommand).callsFake(never);
    const inner = () => giveUpAfter(aws.clock, 9_000, look);
    await expect(giveUpAfter(aws.clock, 2_000, inner)).rejects.toThrow('within 2 s');
    expect(aws.clock.elapsed).toBe(2_000);
  });

  it('does not concern what is done after it', async () => {
    const { aws, look } = scene();
    aws.ec2.on(DescribeInstancesCommand).resolves({ Reservations: [] });
    await giveUpAfter(aws.clock, 1_000, async () => {});
    await aws.clock.sleep(5_000);
    expect(await look()).toEqual({ Reservations: [] });
  });
});

describe('what is indispensable', () => {
  const patience = { each: 3_000, all: 9_000 };

  // fault A7
  it('is asked for again where the first call is never answered', async () => {
    const { aws, look } = scene();
    let asked = 0;
    aws.ec2.on(DescribeInstancesCommand).callsFake(() => {
      asked += 1;
      return asked === 1 ? never() : Promise.resolve({ Reservations: [] });
    });
    expect(await insist(aws.clock, patience, look)).toEqual({ Reservations: [] });
  });

  it.each([
    ['a throttled call', throttled()],
    ['half an answer', new AwsUnavailableError('half')],
    ['an answer that cannot be read', Object.assign(new Error('XML'), { $response: {} })],
  ])('is asked for again after %s', async (_, error) => {
    const { aws, look } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejectsOnce(error).resolves({ Reservations: [] });
    expect(await insist(aws.clock, patience, look)).toEqual({ Reservations: [] });
  });

  it('is not asked for again where the answer is final', async () => {
    const { aws, look } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejects(denied());
    await expect(insist(aws.clock, patience, look)).rejects.toThrow('not authorized');
    expect(aws.ec2.commandCalls(DescribeInstancesCommand)).toHaveLength(1);
  });

  it('is given up when its time is over, though every call is answered at once', async () => {
    const { aws, look } = scene();
    aws.ec2.on(DescribeInstancesCommand).rejects(throttled());
    await expect(insist(aws.clock, patience, look)).rejects.toThrow();
    expect(aws.clock.elapsed).toBeLessThanOrEqual(9_300);
  });
});
